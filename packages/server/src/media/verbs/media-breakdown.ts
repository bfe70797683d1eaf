import type { storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";

type Breakdown = z.input<typeof storage.breakdown.output>;

const months = 12;

/** What the caller's media are, how much was there month by month, and what was made of them. */
export async function mediaBreakdown(ctx: UserContext): Promise<Breakdown> {
  const { userId } = ctx.identity;
  const kinds = await ctx.pool.query<{ kind: string; count: number; bytes: string }>(
    // A poster is a part of its clip.
    `SELECT CASE WHEN "posterOfId" IS NOT NULL OR "contentType" LIKE 'video/%' THEN 'clips'
              WHEN "contentType" LIKE 'image/%' THEN 'photos' ELSE 'others' END AS kind,
            count(*) FILTER (WHERE "posterOfId" IS NULL)::int AS count, coalesce(sum("sizeBytes"), 0) AS bytes
     FROM "Media" WHERE "userId" = $1 AND "status" = 'ready' GROUP BY 1`,
    [userId],
  );
  const totals = await ctx.pool.query<{ pending: string; count: number; bytes: string }>(
    `SELECT (SELECT coalesce(sum("reservedBytes"), 0) FROM "Media"
              WHERE "userId" = $1 AND "status" = 'pending') AS pending,
            count(v."id")::int AS count, coalesce(sum(v."sizeBytes"), 0) AS bytes
     FROM "MediaVariant" v JOIN "Media" m ON m."id" = v."mediaId" WHERE m."userId" = $1`,
    [userId],
  );
  const byMonth = await ctx.pool.query<{ month: string; bytes: string }>(
    `SELECT to_char(at, 'YYYY-MM') AS month,
            (SELECT coalesce(sum("sizeBytes"), 0) FROM "Media" WHERE "userId" = $1 AND "status" = 'ready'
              AND "createdAt" < (at + interval '1 month') AT TIME ZONE 'UTC') AS bytes
     FROM date_trunc('month', $2::timestamptz AT TIME ZONE 'UTC') AS month,
          generate_series(month - interval '${months - 1} months', month, interval '1 month') AS at
     ORDER BY at`,
    [userId, ctx.clock.now()],
  );
  const [total] = totals.rows;
  return {
    kinds: (["photos", "clips", "others"] as const).map((kind) => {
      const found = kinds.rows.find((row) => row.kind === kind);
      return { kind, count: found?.count ?? 0, bytes: Number(found?.bytes ?? 0) };
    }),
    pendingBytes: Number(total?.pending ?? 0),
    copies: { count: total?.count ?? 0, bytes: Number(total?.bytes ?? 0) },
    months: byMonth.rows.map(({ month, bytes }) => ({ month, bytes: Number(bytes) })),
  };
}
