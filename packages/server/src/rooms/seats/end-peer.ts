import type { PoolClient } from "pg";
import { appendRows, type LeaveReason, type LeftPayload, marks } from "../log/room-log";
import { endGrants } from "../turn/end-grants";

/**
 * Ends a peer, in the locked room: its tokens are void from the commit on, and its streams end when they read the mark.
 * Its TURN credentials are marked as ended.
 * @returns the mark's number, and whose credentials `revokeEndedGrants` is to revoke once this is committed
 */
export async function endPeer(
  tx: PoolClient,
  peer: { id: string; roomId: string; userId: string | null },
  reason: LeaveReason | "signed out",
  now: Date,
): Promise<{ seq: number; toRevoke: string[] }> {
  const toRevoke = await endGrants(tx, [peer], now);
  await tx.query({
    name: "end-peer",
    text: `UPDATE "Peer" SET "leftAt" = $2 WHERE "id" = $1`,
    values: [peer.id, now],
  });
  const payload: LeftPayload =
    reason === "signed out"
      ? { peerId: peer.id, reason: "kicked", signedOut: true }
      : { peerId: peer.id, reason };
  const mark = { from: peer.id, kind: marks.left, payload };
  return { seq: await appendRows(tx, peer.roomId, [mark], now), toRevoke };
}
