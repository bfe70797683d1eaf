import type { Services } from "../../context";
import { hashToken } from "../../ground/secrets";
import type { PeerIdentity } from "../../identity";
import { touchPeer } from "./touch-peer";

interface BearerRow {
  id: string;
  roomId: string;
  userId: string | null;
  connection: number;
  lastSeenAt: Date;
}

/**
 * Which peer bears this token: null once the peer left, was kicked or joined again. A closed room's peers are still
 * known, so that they can be told ROOM_CLOSED; what they may do is for `requirePeer` to say.
 */
export async function resolveRoomToken(
  ctx: Pick<Services, "pool" | "clock">,
  token: string,
): Promise<PeerIdentity | null> {
  const { rows } = await ctx.pool.query<BearerRow>({
    name: "resolve-room-token",
    text: `SELECT "id", "roomId", "userId", "connection", "lastSeenAt"
      FROM "Peer" WHERE "roomTokenHash" = $1 AND "leftAt" IS NULL`,
    values: [Buffer.from(hashToken(token))],
  });
  const [peer] = rows;
  if (!peer) return null;
  const { id: peerId, roomId, userId, connection, lastSeenAt } = peer;
  await touchPeer(ctx, { peerId, lastSeenAt });
  return { kind: "peer", peerId, roomId, userId, connection };
}
