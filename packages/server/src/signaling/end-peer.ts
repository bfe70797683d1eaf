import type { Tx } from "../db";
import { appendMark, type LeaveReason, marks } from "./room-log";

/**
 * Ends a peer, in the locked room: its tokens are void from the commit on, and its streams end when they read the mark.
 * @returns the mark's number
 */
export async function endPeer(
  tx: Tx,
  peer: { id: string; roomId: string },
  reason: LeaveReason,
  now: Date,
): Promise<number> {
  await tx.peer.update({ where: { id: peer.id }, data: { leftAt: now } });
  return appendMark(tx, peer.roomId, {
    from: peer.id,
    kind: marks.left,
    payload: { peerId: peer.id, reason },
    at: now,
  });
}
