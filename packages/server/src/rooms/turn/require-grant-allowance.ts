import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";

/** Credentials that one user or guest, and all guests of one room together, may have minted in an hour. */
const perHour = { subject: 20, guestsOfRoom: 100 };

/** @throws AppError RATE_LIMITED when the participant had its share of this hour */
export async function requireGrantAllowance(
  ctx: RequestContext,
  who: { subject: string; guestOfRoom: string | null },
): Promise<void> {
  const now = ctx.clock.now();
  const since = new Date(now.getTime() - 3600_000);
  // A guest can leave and come back as somebody new; the room stays the same.
  const { rows } = await ctx.pool.query<{ mine: number; oldest: Date | null; ofRoom: number }>({
    name: "grant-allowance",
    text: `SELECT count(*)::int AS "mine", min("createdAt") AS "oldest", (
        SELECT count(*)::int FROM "TurnGrant"
        WHERE $3::text IS NOT NULL AND "roomId" = $3 AND "subject" LIKE 'peer:%' AND "createdAt" > $2
      ) AS "ofRoom"
      FROM "TurnGrant" WHERE "subject" = $1 AND "createdAt" > $2`,
    values: [who.subject, since, who.guestOfRoom],
  });
  const { mine = 0, oldest = null, ofRoom = 0 } = rows[0] ?? {};
  if (oldest && mine >= perHour.subject) {
    throw limited(perHour.subject, oldest.getTime() - since.getTime());
  }
  if (ofRoom >= perHour.guestsOfRoom) throw limited(perHour.guestsOfRoom, 60_000);
}

function limited(limitPerHour: number, waitMs: number): AppError {
  return new AppError("RATE_LIMITED", {
    limitPerHour,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  });
}
