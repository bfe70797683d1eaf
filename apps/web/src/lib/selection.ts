/** Which rows are chosen, and the one that a range is counted from. */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const nothingSelected: Selection = { ids: new Set(), anchor: null };

/** Chooses a row, or no longer. */
export function toggle({ ids }: Selection, id: string): Selection {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return { ids: next, anchor: id };
}

/** Chooses every row from the anchor to this one, in the order of the list. Without an anchor it is this one alone. */
export function selectTo(
  { ids, anchor }: Selection,
  id: string,
  order: readonly string[],
): Selection {
  const to = order.indexOf(id);
  const from = anchor === null ? -1 : order.indexOf(anchor);
  if (to < 0) return { ids, anchor };
  if (from < 0) return { ids: new Set([...ids, id]), anchor: id };
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { ids: new Set([...ids, ...range]), anchor };
}

/** Leaves out what is no longer in the list. */
export function within({ ids, anchor }: Selection, order: readonly string[]): Selection {
  const left = order.filter((id) => ids.has(id));
  return { ids: new Set(left), anchor: anchor !== null && order.includes(anchor) ? anchor : null };
}
