import type { Services } from "../../context";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";
import { endPeer } from "./end-peer";
import { withRoomLocked } from "./with-room-locked";

interface SeatRow {
  id: string;
  roomId: string;
  userId: string | null;
}

/**
 * Puts out whoever took a seat by one of these sign-ins, or as this user: their room tokens are void at once, their
 * streams end, their TURN credentials are revoked.
 * @returns how many seats ended
 */
export async function endSeats(
  ctx: Pick<Services, "pool" | "db" | "clock" | "bus" | "ice" | "log">,
  of: { sessionIds: string[] } | { userId: string },
): Promise<number> {
  const byUser = "userId" in of;
  const { rows: seats } = await ctx.pool.query<SeatRow>({
    name: byUser ? "seats-of-user" : "seats-of-sessions",
    text: `SELECT "id", "roomId", "userId" FROM "Peer"
      WHERE ${byUser ? `"userId" = $1` : `"sessionId" = ANY($1)`} AND "leftAt" IS NULL`,
    values: [byUser ? of.userId : of.sessionIds],
  });
  let ended = 0;
  for (const seat of seats) {
    const end = await withRoomLocked(ctx, seat.roomId, async (tx) => {
      const { rowCount } = await tx.query({
        name: "seat-that-ends",
        text: `SELECT 1 FROM "Peer" WHERE "id" = $1 AND "leftAt" IS NULL`,
        values: [seat.id],
      });
      return rowCount ? endPeer(tx, seat, "signed out", ctx.clock.now()) : null;
    });
    if (!end) continue;
    ended++;
    ctx.bus.publish(seat.roomId, end.seq);
    await revokeEndedGrants(ctx, { subjects: end.toRevoke });
  }
  return ended;
}
