import type { Tx } from "../db";
import { endGrants } from "../turn/end-grants";
import { appendMark, type LeaveReason, marks } from "./room-log";

/**
 * Ends a peer, in the locked room: its tokens are void from the commit on, and its streams end when they read the mark.
 * Its TURN credentials are marked as ended.
 * @returns the mark's number, and whose credentials `revokeEndedGrants` is to revoke once this is committed
 */
export async function endPeer(
  tx: Tx,
  peer: { id: string; roomId: string; userId: string | null },
  reason: LeaveReason,
  now: Date,
): Promise<{ seq: number; toRevoke: string[] }> {
  const toRevoke = await endGrants(tx, [peer], now);
  await tx.peer.update({ where: { id: peer.id }, data: { leftAt: now } });
  const seq = await appendMark(tx, peer.roomId, {
    from: peer.id,
    kind: marks.left,
    payload: { peerId: peer.id, reason },
    at: now,
  });
  return { seq, toRevoke };
}
