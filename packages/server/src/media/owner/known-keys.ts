import type { Services } from "../../context";
import type { BucketName } from "../../ports/object-store";

/** The form of every key that was ever given out: 128 bits in base64url. */
const keyForm = /^[A-Za-z0-9_-]{21}[AQgw]$/;
/** What the doctor tries a bucket with. */
const trialForm = /^doctor-[0-9a-f]{16}$/;

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

export const bucketNames = Object.keys(rowsOf) as BucketName[];

/** Whether it may be a key that some row names, or named. */
export function isKey(name: string): boolean {
  return keyForm.test(name);
}

/** Whether we may have made it: whatever else lies in a bucket is somebody's who shares it. */
export function isOwnForm(name: string): boolean {
  return isKey(name) || isTrial(name);
}

/** Whether it was put there to see that a bucket works. */
export function isTrial(name: string): boolean {
  return trialForm.test(name);
}

interface KnownKeys {
  /** Named by a row. */
  named: Set<string>;
  /** Handed to the outbox and not deleted yet. */
  waiting: Set<string>;
  /** Named by a row that went, as the outbox remembers. */
  released: Set<string>;
}

/** What this database knows of keys in a bucket. */
export async function knownKeys(
  { pool }: Pick<Services, "pool">,
  bucket: BucketName,
  keys: string[],
): Promise<KnownKeys> {
  const [named, outbox] = await Promise.all([
    pool.query<{ key: string }>(rowsOf[bucket], [keys]),
    pool.query<{ key: string; waits: boolean }>(
      `SELECT "objectKey" AS key, bool_or("deletedAt" IS NULL AND "bucket" = $1) AS waits
       FROM "Deletion" WHERE "objectKey" = ANY($2) GROUP BY 1`,
      [bucket, keys],
    ),
  ]);
  const keysOf = (rows: { key: string }[]) => new Set(rows.map(({ key }) => key));
  return {
    named: keysOf(named.rows),
    waiting: keysOf(outbox.rows.filter(({ waits }) => waits)),
    released: keysOf(outbox.rows),
  };
}
