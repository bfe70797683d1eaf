import type { Services } from "../../context";
import type { BucketName } from "../../ports/object-store";
import { bucketNames, isKey, knownKeys } from "./known-keys";

type Ctx = Pick<Services, "pool" | "objects">;

/** Of each bucket, so many objects are looked up, and so many rows of each table. Keys are random, so any will do. */
const sampleKeys = 1000;
const sampleRows = 20;
/** A few are always without their counterpart: uploads under way, bytes that somebody deleted by hand. */
const likelyShare = 0.9;

/**
 * Whether a store that bears no mark plainly is this database's: it is empty, or nearly every object has a row and nearly
 * every row its object.
 */
export async function belongsTogether(ctx: Ctx): Promise<boolean> {
  const objects = await countKnownObjects(ctx);
  if (objects.seen === 0) return true;
  if (objects.known < objects.seen * likelyShare) return false;
  const rows = await countFoundRows(ctx);
  return rows.seen > 0 && rows.found >= rows.seen * likelyShare;
}

async function countKnownObjects(ctx: Ctx): Promise<{ seen: number; known: number }> {
  const counts = await Promise.all(
    bucketNames.map(async (bucket) => {
      const { items } = await ctx.objects.list(bucket, { limit: sampleKeys });
      const keys = items.map(({ key }) => key).filter(isKey);
      const { named, released } = await knownKeys(ctx, bucket, keys);
      const known = keys.filter((key) => named.has(key) || released.has(key));
      return { seen: keys.length, known: known.length };
    }),
  );
  return {
    seen: counts.reduce((sum, { seen }) => sum + seen, 0),
    known: counts.reduce((sum, { known }) => sum + known, 0),
  };
}

async function countFoundRows({ pool, objects }: Ctx): Promise<{ seen: number; found: number }> {
  const { rows } = await pool.query<{ bucket: BucketName; key: string }>(
    `(SELECT 'media-' || "visibility" AS bucket, "key" FROM "Media" WHERE "status" = 'ready' ORDER BY "id" LIMIT ${sampleRows})
     UNION ALL
     (SELECT 'files', "objectKey" FROM "File" WHERE "status" = 'ready' ORDER BY "id" LIMIT ${sampleRows})`,
  );
  const heads = await Promise.all(rows.map(({ bucket, key }) => objects.head(bucket, key)));
  return { seen: rows.length, found: heads.filter(Boolean).length };
}
