import type { RequestContext } from "../../context";
import { endPeer } from "../seats/end-peer";
import { requirePeer } from "../seats/require-peer";
import { withRoomLocked } from "../seats/with-room-locked";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";

/** Gives the seat up. The peer's tokens are void afterwards. */
export async function leaveRoom(
  ctx: RequestContext,
  input: { roomId: string },
): Promise<{ left: true }> {
  const { peerId, connection } = await requirePeer(ctx, input.roomId);
  const ended = await withRoomLocked(ctx, input.roomId, async (tx) => {
    // Of two leaves at once the second finds nothing to do; one of a replaced connection must not end its successor.
    const { rows } = await tx.query<{ id: string; roomId: string; userId: string | null }>({
      name: "peer-that-leaves",
      text: `SELECT "id", "roomId", "userId" FROM "Peer"
        WHERE "id" = $1 AND "connection" = $2 AND "leftAt" IS NULL`,
      values: [peerId, connection],
    });
    const [peer] = rows;
    return peer && endPeer(tx, peer, "left", ctx.clock.now());
  });
  if (!ended) return { left: true };
  ctx.bus.publish(input.roomId, ended.seq);
  await revokeEndedGrants(ctx, { subjects: ended.toRevoke });
  return { left: true };
}
