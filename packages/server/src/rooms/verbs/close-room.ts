import type { RequestContext } from "../../context";
import { appendRows, marks } from "../log/room-log";
import { requireOwner } from "../seats/require-owner";
import { withRoomLocked } from "../seats/with-room-locked";
import { endGrants } from "../turn/end-grants";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";

/** Ends a room for everybody in it. Closing a closed room changes nothing. */
export async function closeRoom(
  ctx: RequestContext,
  input: { roomId: string },
): Promise<{ closed: true }> {
  await requireOwner(ctx, input.roomId);
  const closed = await withRoomLocked(ctx, input.roomId, async (tx, room) => {
    if (room.closedAt) return null;
    const now = ctx.clock.now();
    await tx.query({
      name: "close-room",
      text: `UPDATE "Room" SET "closedAt" = $2 WHERE "id" = $1`,
      values: [room.id, now],
    });
    const { rows: peers } = await tx.query<{ id: string; userId: string | null }>({
      name: "peers-of-closed-room",
      text: `SELECT "id", "userId" FROM "Peer" WHERE "roomId" = $1 AND "leftAt" IS NULL`,
      values: [room.id],
    });
    const subjects = await endGrants(tx, peers, now);
    const mark = { from: room.id, kind: marks.closed, payload: {} };
    return { subjects, seq: await appendRows(tx, room.id, [mark], now) };
  });
  if (!closed) return { closed: true };
  ctx.bus.publish(input.roomId, closed.seq);
  await revokeEndedGrants(ctx, { subjects: closed.subjects });
  return { closed: true };
}
