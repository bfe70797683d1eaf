import type { RequestContext } from "../context";
import { AppError } from "../errors";

/** Credentials that one user or guest, and all guests of one room together, may have minted in an hour. */
const perHour = { subject: 20, guestsOfRoom: 100 };

/** @throws AppError RATE_LIMITED when the participant had its share of this hour */
export async function requireGrantAllowance(
  ctx: RequestContext,
  who: { subject: string; guestOfRoom: string | null },
): Promise<void> {
  const now = ctx.clock.now();
  const since = new Date(now.getTime() - 3600_000);
  const [mine, ofRoom] = await Promise.all([
    ctx.db.turnGrant.findMany({
      where: { subject: who.subject, createdAt: { gt: since } },
      orderBy: { createdAt: "asc" },
      take: perHour.subject,
      select: { createdAt: true },
    }),
    who.guestOfRoom === null ? 0 : countGuests(ctx, who.guestOfRoom, since),
  ]);
  const [oldest] = mine;
  if (oldest && mine.length >= perHour.subject) {
    throw limited(perHour.subject, oldest.createdAt.getTime() - since.getTime());
  }
  if (ofRoom >= perHour.guestsOfRoom) throw limited(perHour.guestsOfRoom, 60_000);
}

/** A guest can leave and come back as somebody new; the room stays the same. */
function countGuests(ctx: RequestContext, roomId: string, since: Date): Promise<number> {
  return ctx.db.turnGrant.count({
    where: { roomId, subject: { startsWith: "peer:" }, createdAt: { gt: since } },
  });
}

function limited(limitPerHour: number, waitMs: number): AppError {
  return new AppError("RATE_LIMITED", {
    limitPerHour,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}
