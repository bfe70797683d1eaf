import type { RequestContext } from "../context";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";
import { endPeer } from "./end-peer";
import { requirePeer } from "./require-peer";
import { withRoomLocked } from "./with-room-locked";

/** Gives the seat up. The peer's tokens are void afterwards. */
export async function leaveRoom(
  ctx: RequestContext,
  input: { roomId: string },
): Promise<{ left: true }> {
  const { peerId, connection } = await requirePeer(ctx, input.roomId);
  const ended = await withRoomLocked(ctx, input.roomId, async (tx) => {
    // Of two leaves at once the second finds nothing to do; one of a replaced connection must not end its successor.
    const peer = await tx.peer.findFirst({ where: { id: peerId, connection, leftAt: null } });
    return peer && endPeer(tx, peer, "left", ctx.clock.now());
  });
  if (!ended) return { left: true };
  ctx.bus.publish(input.roomId, ended.seq);
  await revokeEndedGrants(ctx, { subjects: ended.toRevoke });
  return { left: true };
}
