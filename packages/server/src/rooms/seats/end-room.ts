import type { Services } from "../../context";
import { appendRows, marks } from "../log/room-log";
import { endGrants } from "../turn/end-grants";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";
import { withRoomLocked } from "./with-room-locked";

/** Closes a room, whoever asked: everybody in it is told, and their TURN credentials end. */
export async function endRoom(ctx: Services, roomId: string): Promise<void> {
  const closed = await withRoomLocked(ctx, roomId, async (tx, room) => {
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
  if (!closed) return;
  ctx.bus.publish(roomId, closed.seq);
  await revokeEndedGrants(ctx, { subjects: closed.subjects });
}
