import type { RequestContext } from "../context";
import { endGrants } from "../turn/end-grants";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";
import { requireOwner } from "./require-owner";
import { appendMark, marks } from "./room-log";
import { withRoomLocked } from "./with-room-locked";

/** Ends a room for everybody in it. Closing a closed room changes nothing. */
export async function closeRoom(
  ctx: RequestContext,
  input: { roomId: string },
): Promise<{ closed: true }> {
  await requireOwner(ctx, input.roomId);
  const closed = await withRoomLocked(ctx, input.roomId, async (tx, room) => {
    if (room.closedAt) return null;
    const now = ctx.clock.now();
    await tx.room.update({ where: { id: room.id }, data: { closedAt: now } });
    const peers = await tx.peer.findMany({
      where: { roomId: room.id, leftAt: null },
      select: { id: true, userId: true },
    });
    const subjects = await endGrants(tx, peers, now);
    const mark = { from: room.id, kind: marks.closed, payload: {}, at: now };
    return { subjects, seq: await appendMark(tx, room.id, mark) };
  });
  if (!closed) return { closed: true };
  ctx.bus.publish(input.roomId, closed.seq);
  await revokeEndedGrants(ctx, { subjects: closed.subjects });
  return { closed: true };
}
