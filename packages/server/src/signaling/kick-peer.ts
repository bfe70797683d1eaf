import type { RequestContext } from "../context";
import { AppError } from "../errors";
import { endPeer } from "./end-peer";
import { requireOwner } from "./require-owner";
import { withRoomLocked } from "./with-room-locked";

/**
 * Puts a peer out: its tokens are void at once and its streams end within a second.
 * @throws AppError NOT_FOUND when no such peer sits in the room
 */
export async function kickPeer(
  ctx: RequestContext,
  input: { roomId: string; peerId: string },
): Promise<{ kicked: true }> {
  await requireOwner(ctx, input.roomId);
  const seq = await withRoomLocked(ctx, input.roomId, async (tx, room) => {
    const peer = await tx.peer.findFirst({
      where: { id: input.peerId, roomId: room.id, leftAt: null },
    });
    return peer && endPeer(tx, peer, "kicked", ctx.clock.now());
  });
  if (seq === null) throw new AppError("NOT_FOUND");
  ctx.bus.publish(input.roomId, seq);
  return { kicked: true };
}
