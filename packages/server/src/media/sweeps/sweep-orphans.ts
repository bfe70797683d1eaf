import type { JobContext } from "../../context";
import type { BucketName } from "../../ports/object-store";

const pageKeys = 1000;
/** Younger objects may belong to a row that is about to be written, or to a grant that still runs. */
const youngestSeconds = 86_400;

/** How to find the keys that some row names. */
const rowsOf: Record<BucketName, string> = {
  files: `SELECT "objectKey" AS key FROM "File" WHERE "objectKey" = ANY($1)
    UNION ALL SELECT "objectKey" FROM "FileVariant" WHERE "objectKey" = ANY($1)`,
  "media-public": `SELECT "key" FROM "Media" WHERE "key" = ANY($1) AND "visibility" = 'public'
    UNION ALL SELECT "key" FROM "MediaVariant" WHERE "key" = ANY($1) AND "visibility" = 'public'`,
  // Public media arrive here too.
  "media-private": `SELECT "key" FROM "Media" WHERE "key" = ANY($1)
    UNION ALL SELECT "key" FROM "MediaVariant" WHERE "key" = ANY($1) AND "visibility" = 'private'`,
};

/**
 * Looks through the whole store for objects that no row names, such as a PUT that came after its upload was aborted, and
 * hands them to the outbox.
 */
export async function sweepOrphans(
  ctx: JobContext,
): Promise<{ seen: number; orphans: number; bytes: number }> {
  const total = { seen: 0, orphans: 0, bytes: 0 };
  const before = new Date(ctx.clock.now().getTime() - youngestSeconds * 1000);
  for (const bucket of Object.keys(rowsOf) as BucketName[]) {
    let cursor: string | undefined;
    do {
      const page = await ctx.objects.list(bucket, { limit: pageKeys, ...(cursor && { cursor }) });
      const old = page.items.filter((item) => item.modifiedAt < before);
      const { orphans, bytes } = await queueOrphans(ctx, bucket, old);
      total.seen += page.items.length;
      total.orphans += orphans;
      total.bytes += bytes;
      cursor = page.nextCursor ?? undefined;
    } while (cursor && !ctx.signal.aborted);
  }
  return total;
}

async function queueOrphans(
  ctx: JobContext,
  bucket: BucketName,
  items: { key: string; sizeBytes: number }[],
): Promise<{ orphans: number; bytes: number }> {
  const keys = items.map(({ key }) => key);
  const named = await ctx.pool.query<{ key: string }>(rowsOf[bucket], [keys]);
  const known = new Set(named.rows.map((row) => row.key));
  const unknown = items.filter(({ key }) => !known.has(key));
  const { rows } = await ctx.pool.query<{ sizeBytes: string }>(
    `INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes")
     SELECT $1, o.key, o.bytes FROM unnest($2::text[], $3::bigint[]) AS o(key, bytes)
     WHERE NOT EXISTS (
       SELECT 1 FROM "Deletion" d
       WHERE d."objectKey" = o.key AND d."bucket" = $1 AND d."deletedAt" IS NULL)
     RETURNING "sizeBytes"`,
    [bucket, unknown.map(({ key }) => key), unknown.map(({ sizeBytes }) => sizeBytes)],
  );
  return {
    orphans: rows.length,
    bytes: rows.reduce((sum, { sizeBytes }) => sum + Number(sizeBytes), 0),
  };
}
