import type { signaling } from "@fermata/contract";
import type { PoolClient } from "pg";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { hashToken } from "../../ground/secrets";
import type { PeerIdentity } from "../../identity";
import { appendRows, marks } from "../log/room-log";
import { endPeer } from "../seats/end-peer";
import { requirePeer } from "../seats/require-peer";
import { withRoomLocked } from "../seats/with-room-locked";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";

type Input = z.output<typeof signaling.leave.input>;

interface LeavingPeer {
  id: string;
  roomId: string;
  userId: string | null;
}

/**
 * Gives the seat up. The peer's tokens are void afterwards; with `mayReturn` they are not, and the seat is the peer's
 * until somebody else needs it.
 * @throws AppError what `requirePeer` throws
 */
export async function leaveRoom(ctx: RequestContext, input: Input): Promise<{ left: true }> {
  const { roomId, joinKey } = input;
  const isByKey = joinKey !== undefined && ctx.identity?.kind !== "peer";
  const find = isByKey
    ? (tx: PoolClient) => findByJoinKey(tx, roomId, joinKey)
    : findConnection(await requirePeer(ctx, roomId));
  if (input.mayReturn) {
    await markAway(ctx, roomId, find);
    return { left: true };
  }
  const ended = await withRoomLocked(ctx, roomId, async (tx) => {
    const peer = await find(tx);
    return peer && endPeer(tx, peer, "left", ctx.clock.now());
  });
  if (!ended) return { left: true };
  ctx.bus.publish(roomId, ended.seq);
  await revokeEndedGrants(ctx, { subjects: ended.toRevoke });
  return { left: true };
}

async function markAway(
  ctx: Pick<RequestContext, "pool" | "bus" | "clock">,
  roomId: string,
  find: (tx: PoolClient) => Promise<LeavingPeer | undefined>,
): Promise<void> {
  const now = ctx.clock.now();
  const seq = await withRoomLocked(ctx, roomId, async (tx) => {
    const peer = await find(tx);
    if (!peer) return null;
    await tx.query({
      name: "peer-away",
      text: `UPDATE "Peer" SET "awayAt" = $2 WHERE "id" = $1`,
      values: [peer.id, now],
    });
    const mark = { from: peer.id, kind: marks.away, payload: { peerId: peer.id } };
    return appendRows(tx, roomId, [mark], now);
  });
  if (seq !== null) ctx.bus.publish(roomId, seq);
}

/** Of two leaves at once the second finds nothing to do; one of a replaced connection must not end its successor. */
function findConnection({ peerId, connection }: Pick<PeerIdentity, "peerId" | "connection">) {
  return async (tx: PoolClient): Promise<LeavingPeer | undefined> => {
    const { rows } = await tx.query<LeavingPeer>({
      name: "peer-that-leaves",
      text: `SELECT "id", "roomId", "userId" FROM "Peer"
        WHERE "id" = $1 AND "connection" = $2 AND "leftAt" IS NULL`,
      values: [peerId, connection],
    });
    return rows[0];
  };
}

async function findByJoinKey(
  tx: PoolClient,
  roomId: string,
  joinKey: string,
): Promise<LeavingPeer | undefined> {
  const { rows } = await tx.query<LeavingPeer>({
    name: "peer-of-join-key",
    text: `SELECT "id", "roomId", "userId" FROM "Peer"
      WHERE "roomId" = $1 AND "joinKeyHash" = $2 AND "leftAt" IS NULL`,
    values: [roomId, Buffer.from(hashToken(joinKey))],
  });
  return rows[0];
}
