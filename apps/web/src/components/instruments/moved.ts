/** The list with one of its members at another place. What would change nothing gives the same list. */
export function moved<T>(list: T[], member: T, to: number): T[] {
  const from = list.indexOf(member);
  const place = Math.min(list.length - 1, Math.max(0, to));
  if (from < 0 || from === place) return list;
  const others = list.filter((other) => other !== member);
  return [...others.slice(0, place), member, ...others.slice(place)];
}
