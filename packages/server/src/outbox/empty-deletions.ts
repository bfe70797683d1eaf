import { setTimeout as sleep } from "node:timers/promises";
import type { JobContext, Services } from "../context";
import type { BucketName } from "../ports/object-store";

type Ctx = Pick<Services, "pool" | "objects" | "clock" | "log">;

interface Entry {
  id: string;
  bucket: BucketName;
  objectKey: string;
  uploadId: string | null;
  attempts: number;
  sizeBytes: string;
}

interface Erased {
  deleted: number;
  bytes: number;
  failed: number;
}

const batchRows = 100;
const atOnce = 8;
/** Whoever takes entries and dies holds them up for this long. */
const leaseSeconds = 300;
const longestPauseSeconds = 6 * 3600;
const receiptDays = 30;
/** What a caller who deletes waits for the store. */
const soonMs = 3_000;

/**
 * Deletes the bytes in the outbox that are due, and keeps a receipt for each for thirty days. What the store refuses is
 * tried again, ever less often, and never forgotten. While the store may be another's, everything waits.
 */
export async function emptyDeletions(ctx: JobContext): Promise<Erased> {
  const total = { deleted: 0, bytes: 0, failed: 0 };
  for (let taken = batchRows; taken === batchRows && !ctx.signal.aborted; ) {
    const entries = await take(ctx, null);
    const { deleted, bytes, failed } = await erase(ctx, entries);
    total.deleted += deleted;
    total.bytes += bytes;
    total.failed += failed;
    taken = entries.length;
  }
  const oldest = new Date(ctx.clock.now().getTime() - receiptDays * 86_400_000);
  await ctx.pool.query(`DELETE FROM "Deletion" WHERE "deletedAt" < $1`, [oldest]);
  return total;
}

/** Tries one object's entries at once, for a caller who waits. It never fails: what remains is the job's. */
export async function eraseSoon(ctx: Ctx, objectKey: string): Promise<void> {
  const work = take(ctx, objectKey).then((entries) => erase(ctx, entries));
  const reported = work.then(
    () => {},
    (err) => ctx.log.warn({ err, objectKey }, "bytes stay in the outbox for now"),
  );
  const patience = new AbortController();
  await Promise.race([
    reported,
    sleep(soonMs, undefined, { signal: patience.signal }).catch(() => {}),
  ]);
  patience.abort();
}

/** Takes due entries by moving their next attempt past a lease: no lock is held while the store works. */
async function take(ctx: Ctx, objectKey: string | null): Promise<Entry[]> {
  const now = ctx.clock.now();
  const { rows } = await ctx.pool.query<Entry>(
    `UPDATE "Deletion" SET "nextAttemptAt" = $2, "attempts" = "attempts" + 1
     WHERE "id" = ANY(ARRAY(
       SELECT "id" FROM "Deletion"
       WHERE "deletedAt" IS NULL AND "nextAttemptAt" <= $1 AND ($3::text IS NULL OR "objectKey" = $3)
         -- Rows that came with a copy of another's database say nothing about whose the bytes are.
         AND NOT EXISTS (SELECT 1 FROM "Installation" WHERE "holdsBack")
       ORDER BY "nextAttemptAt" LIMIT ${batchRows} FOR UPDATE SKIP LOCKED))
     RETURNING "id", "bucket", "objectKey", "uploadId", "attempts", "sizeBytes"`,
    // The trigger writes by the database's clock, which may be a little ahead of ours.
    [new Date(now.getTime() + 2_000), new Date(now.getTime() + leaseSeconds * 1000), objectKey],
  );
  return rows;
}

async function erase(ctx: Ctx, entries: Entry[]): Promise<Erased> {
  const done: string[] = [];
  let bytes = 0;
  const queue = [...entries];
  const worker = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      try {
        const erasedBytes = await eraseOne(ctx, entry);
        bytes += erasedBytes;
        done.push(entry.id);
      } catch (error) {
        await postpone(ctx, entry, error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  if (done.length > 0) {
    await ctx.pool.query(
      `UPDATE "Deletion" SET "deletedAt" = $1, "lastError" = NULL WHERE "id" = ANY($2::bigint[])`,
      [ctx.clock.now(), done],
    );
  }
  return { deleted: done.length, bytes, failed: entries.length - done.length };
}

/** @returns how many bytes that were */
async function eraseOne(ctx: Ctx, entry: Entry): Promise<number> {
  const { objects } = ctx;
  const { bucket, objectKey, uploadId } = entry;
  const sizeBytes = Number(entry.sizeBytes) || (await measure(ctx, entry));
  if (uploadId) await objects.abortMultipartUpload(bucket, objectKey, uploadId);
  await objects.delete(bucket, objectKey);
  // Public media arrive where no domain reaches; a copy may lie there still.
  if (bucket === "media-public") await objects.delete("media-private", objectKey);
  return sizeBytes;
}

/** Of what nobody knew the size of, such as bytes that came after their upload was over. */
async function measure(ctx: Ctx, { id, bucket, objectKey }: Entry): Promise<number> {
  const found = await ctx.objects.head(bucket, objectKey);
  if (!found) return 0;
  const { sizeBytes } = found;
  ctx.log.info({ bucket, objectKey, sizeBytes }, "bytes that no row counted are deleted");
  await ctx.pool.query(`UPDATE "Deletion" SET "sizeBytes" = $1 WHERE "id" = $2`, [sizeBytes, id]);
  return sizeBytes;
}

async function postpone(ctx: Ctx, { id, objectKey, attempts }: Entry, error: unknown) {
  const pauseSeconds = Math.min(30 * 2 ** attempts, longestPauseSeconds);
  ctx.log.warn({ err: error, objectKey, attempts, pauseSeconds }, "the store did not delete bytes");
  await ctx.pool.query(
    `UPDATE "Deletion" SET "nextAttemptAt" = $1, "lastError" = $2 WHERE "id" = $3`,
    [
      new Date(ctx.clock.now().getTime() + pauseSeconds * 1000),
      String(error instanceof Error ? error.message : error).slice(0, 500),
      id,
    ],
  );
}

/** When the next bytes in the outbox are due; null while it is empty. */
export async function nextDeletionAt(ctx: Pick<Services, "pool">): Promise<Date | null> {
  const { rows } = await ctx.pool.query<{ at: Date | null }>(
    `SELECT min("nextAttemptAt") AS at FROM "Deletion" WHERE "deletedAt" IS NULL`,
  );
  return rows[0]?.at ?? null;
}
