import { endSeats, type Prisma } from "@fermata/server/internal";
import type { Services } from "../context";

export type SessionEnding = Pick<Services, "db" | "pool" | "clock" | "bus" | "ice" | "log">;

/**
 * Ends sign-ins, and with them the room seats that they took.
 * @returns how many sessions there were
 */
export async function endSessions(
  ctx: SessionEnding,
  where: Prisma.SessionWhereInput,
): Promise<number> {
  const sessions = await ctx.db.session.findMany({ where, select: { id: true } });
  if (sessions.length === 0) return 0;
  const sessionIds = sessions.map(({ id }) => id);
  // Before: where this fails, the sign-in lives on, and its owner can try again. After: for a seat taken in between.
  await endSeats(ctx, { sessionIds });
  const { count } = await ctx.db.session.deleteMany({ where: { id: { in: sessionIds } } });
  await endSeats(ctx, { sessionIds });
  return count;
}
