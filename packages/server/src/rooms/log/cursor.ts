/** A place in a room's log as clients hold it: `epoch:seq`. */
export function toCursor(epoch: string, seq: number): string {
  return `${epoch}:${seq}`;
}

/**
 * Where to read on from.
 * @param cursor checked by the contract; none stands for the peer's joining
 * @returns `reset` when the cursor cannot be continued from: it is of another life of the room, or from its future
 */
export function positionOf(
  cursor: string | null | undefined,
  room: { epoch: string; lastSeq: number; joinedSeq: number },
): { position: number; reset: boolean } {
  if (!cursor) return { position: room.joinedSeq, reset: false };
  const colon = cursor.lastIndexOf(":");
  const seq = Number(cursor.slice(colon + 1));
  if (cursor.slice(0, colon) !== room.epoch || seq > room.lastSeq) {
    return { position: room.lastSeq, reset: true };
  }
  // What was said before a peer joined is none of its business.
  return { position: Math.max(seq, room.joinedSeq), reset: false };
}
