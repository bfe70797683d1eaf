/**
 * An offer's lines for these amounts, in dollars a month. A line whose price nobody gave costs null, unless what is included does.
 * @param {{ name: string, lines: { what: string, of?: string, included?: number, per?: number, price: number | null, source?: string, note?: string }[] }} offer
 */
export function billOf({ name, lines }, amounts) {
  const charged = lines.map((line) => ({ ...line, dollars: dollarsOf(line, amounts) }));
  const known = charged.filter(({ dollars }) => dollars !== null);
  return {
    name,
    lines: charged,
    total: known.reduce((sum, { dollars }) => sum + dollars, 0),
    unknown: charged.filter(({ dollars }) => dollars === null).map(({ what }) => what),
  };
}

function dollarsOf({ what, of, included = 0, per = 1, price }, amounts) {
  if (of === undefined) return price;
  if (!(of in amounts)) throw new Error(`${what}: there is no amount ${of}`);
  const beyond = Math.max(0, amounts[of] - included);
  if (beyond === 0) return 0;
  return price === null ? null : (beyond / per) * price;
}
