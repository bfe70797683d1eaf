/** Whether a place in the room's log, `epoch:seq`, is at or before another of the same epoch. */
export function isAtOrBefore(cursor: string, other: string): boolean {
  const a = parse(cursor);
  const b = parse(other);
  return a.epoch === b.epoch && a.seq <= b.seq;
}

function parse(cursor: string): { epoch: string; seq: number } {
  const colon = cursor.lastIndexOf(":");
  return { epoch: cursor.slice(0, colon), seq: Number(cursor.slice(colon + 1)) };
}
