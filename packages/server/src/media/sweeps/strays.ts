import type { JobContext, Services } from "../../context";
import type { StrayReason } from "../../generated/prisma/enums";
import { queueEach } from "../../outbox/queue-bytes";
import type { BucketName } from "../../ports/object-store";

/** Between the sweep that saw it first and the one that deletes it. */
export const quarantineSeconds = 7 * 86_400;
/** More than both is more than a sweep deletes unasked. */
const plausibleCount = 20;
const plausibleShare = 0.05;

export interface Stray {
  bucket: BucketName;
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
  reason: StrayReason | null;
}

/** Writes down what a sweep sees, with the time at which it was seen first. */
export async function recordStrays(
  { pool, clock }: Pick<Services, "pool" | "clock">,
  strays: Stray[],
): Promise<void> {
  if (strays.length === 0) return;
  const column = <K extends keyof Stray>(name: K) => strays.map((stray) => stray[name]);
  await pool.query(
    `INSERT INTO "Stray" ("bucket", "objectKey", "sizeBytes", "modifiedAt", "reason", "firstSeenAt", "lastSeenAt")
     SELECT s.bucket, s.key, s.bytes, s.modified, s.reason::"StrayReason", $6, $6
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::text[]) AS s(bucket, key, bytes, modified, reason)
     ON CONFLICT ("bucket", "objectKey") DO UPDATE
       SET "lastSeenAt" = EXCLUDED."lastSeenAt", "reason" = coalesce("Stray"."reason", EXCLUDED."reason")`,
    [
      column("bucket"),
      column("key"),
      column("sizeBytes"),
      column("modifiedAt"),
      column("reason"),
      clock.now(),
    ],
  );
}

/** What a whole sweep did not come across has gone, or has a row again. */
export async function forgetUnseen(
  { db }: Pick<Services, "db">,
  sweepStartedAt: Date,
): Promise<void> {
  await db.stray.deleteMany({ where: { lastSeenAt: { lt: sweepStartedAt } } });
}

/**
 * Whether so many objects are without a row that a person has to say what becomes of them. The notifier is told once.
 * @param seen how many objects there are
 */
export async function askAboutStrays(ctx: JobContext, seen: number): Promise<boolean> {
  const undecided = await ctx.db.stray.aggregate({
    where: { decision: null },
    _count: true,
    _sum: { sizeBytes: true },
  });
  const count = undecided._count;
  const asks = count > plausibleCount && count > seen * plausibleShare;
  const where = { id: "self" };
  const { askedAt } = await ctx.db.installation.findUniqueOrThrow({ where });
  await ctx.db.installation.update({
    where,
    data: {
      askedAt: asks ? (askedAt ?? ctx.clock.now()) : null,
      askedOfSeen: asks ? seen : null,
    },
  });
  if (!asks || askedAt) return asks;
  const title = `${count} of ${seen} stored objects belong to no row`;
  const text = `That is more than a sweep deletes unasked, so it deleted none of them. Decide in the console under Media, or with: ${ctx.config.commandLine} storage sweep`;
  ctx.log.warn({ count, seen, bytes: Number(undecided._sum.sizeBytes ?? 0) }, `${title}. ${text}`);
  try {
    await ctx.notifier?.notify({ kind: "storage.strays", severity: "warning", title, text });
  } catch (err) {
    ctx.log.error({ err }, "nobody could be asked about objects without a row");
  }
  return asks;
}

/**
 * Hands to the outbox what was seen a week ago and again now.
 * @param unasked whether that goes for what nobody decided, too
 */
export async function queueDue(
  { pool, clock }: Pick<Services, "pool" | "clock">,
  { unasked }: { unasked: boolean },
): Promise<{ orphans: number; bytes: number; strays: number }> {
  const before = new Date(clock.now().getTime() - quarantineSeconds * 1000);
  const { rows } = await pool.query<{ sizeBytes: string }>(
    `WITH due AS (
       DELETE FROM "Stray" WHERE "firstSeenAt" <= $1 AND ("decision" = 'delete'
         OR ($2 AND "decision" IS NULL AND "reason" IS NOT NULL))
       RETURNING "bucket", "objectKey", "sizeBytes")
     ${queueEach("due")}`,
    [before, unasked],
  );
  const left = await pool.query<{ count: number }>(`SELECT count(*)::int AS count FROM "Stray"`);
  return {
    orphans: rows.length,
    bytes: rows.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0),
    strays: left.rows[0]?.count ?? 0,
  };
}
