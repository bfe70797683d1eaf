import type { RequestContext } from "../context";
import { requireOwner } from "./require-owner";
import { appendMark, marks } from "./room-log";
import { withRoomLocked } from "./with-room-locked";

/** Ends a room for everybody in it. Closing a closed room changes nothing. */
export async function closeRoom(
  ctx: RequestContext,
  input: { roomId: string },
): Promise<{ closed: true }> {
  await requireOwner(ctx, input.roomId);
  const seq = await withRoomLocked(ctx, input.roomId, async (tx, room) => {
    if (room.closedAt) return null;
    const now = ctx.clock.now();
    await tx.room.update({ where: { id: room.id }, data: { closedAt: now } });
    return appendMark(tx, room.id, { from: room.id, kind: marks.closed, payload: {}, at: now });
  });
  if (seq !== null) ctx.bus.publish(input.roomId, seq);
  return { closed: true };
}
