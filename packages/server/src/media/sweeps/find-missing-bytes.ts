import type { JobContext } from "../../context";
import type { BucketName } from "../../ports/object-store";

const pageKeys = 1000;
const pageRows = 5000;
/** Of the missing, so many are named in the log. */
const named = 50;

/** The ready rows of a bucket after a key that were ready before the store was looked through, in the order of keys. */
const readyRows: Record<BucketName, string> = {
  files: `SELECT "objectKey" AS key, "sizeBytes" FROM "File"
    WHERE "status" = 'ready' AND "readyAt" < $1 AND "objectKey" > $2 ORDER BY "objectKey" LIMIT ${pageRows}`,
  "media-public": mediaRows("public"),
  "media-private": mediaRows("private"),
};

function mediaRows(visibility: "public" | "private"): string {
  return `SELECT "key", "sizeBytes" FROM "Media" WHERE "status" = 'ready' AND "visibility" = '${visibility}'
    AND "readyAt" < $1 AND "key" > $2
    UNION ALL SELECT "key", "sizeBytes" FROM "MediaVariant" WHERE "visibility" = '${visibility}'
    AND "readyAt" < $1 AND "key" > $2 ORDER BY "key" LIMIT ${pageRows}`;
}

/**
 * Looks for ready rows whose bytes are not in the store, as after somebody cleared a bucket by hand. It names them in its
 * log and deletes nothing: a store that answers wrongly must not cost anybody a row. It holds one bucket's keys in
 * memory, some 80 bytes each.
 */
export async function findMissingBytes(
  ctx: JobContext,
): Promise<{ seen: number; missing: number; bytes: number }> {
  const total = { seen: 0, missing: 0, bytes: 0 };
  const startedAt = ctx.clock.now();
  for (const bucket of Object.keys(readyRows) as BucketName[]) {
    const keys = await listKeys(ctx, bucket);
    if (ctx.signal.aborted) break;
    total.seen += keys.size;
    for (let after = "", rows = pageRows; rows === pageRows; ) {
      const page = await ctx.pool.query<{ key: string; sizeBytes: string }>(readyRows[bucket], [
        startedAt,
        after,
      ]);
      for (const { key, sizeBytes } of page.rows) {
        if (keys.has(key)) continue;
        total.missing++;
        total.bytes += Number(sizeBytes);
        const facts = { bucket, key, sizeBytes: Number(sizeBytes) };
        if (total.missing <= named) ctx.log.warn(facts, "a ready row has no bytes");
      }
      rows = page.rows.length;
      after = page.rows.at(-1)?.key ?? "";
    }
  }
  return total;
}

async function listKeys(ctx: JobContext, bucket: BucketName): Promise<Set<string>> {
  const keys = new Set<string>();
  let cursor: string | undefined;
  do {
    const page = await ctx.objects.list(bucket, { limit: pageKeys, ...(cursor && { cursor }) });
    for (const { key, isPart } of page.items) if (!isPart) keys.add(key);
    cursor = page.nextCursor ?? undefined;
  } while (cursor && !ctx.signal.aborted);
  return keys;
}
