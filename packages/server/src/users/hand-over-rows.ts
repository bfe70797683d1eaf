import type { Transaction } from "../ground/transaction";

/** Counts what changes hands: the triggers count what comes and goes. */
const handOverFiles = `
  WITH old AS (
    SELECT "id", coalesce("quotaSubject", "uploaderId") AS subject, "sizeBytes" AS bytes FROM "File"
    WHERE "uploaderId" = $1 AND "status" = 'ready' AND "id" <> ALL($3::text[]) FOR UPDATE
  ), moved AS (
    UPDATE "File" SET "uploaderId" = $2, "quotaSubject" = NULL FROM old WHERE "File"."id" = old."id"
  ), counted AS (SELECT subject, sum(bytes)::bigint AS bytes FROM old GROUP BY 1)
  SELECT fermata_count_bytes(subject, 'files', -bytes)::text, fermata_count_bytes($2, 'files', bytes)::text FROM counted`;

const handOverMedia = `
  WITH old AS (
    SELECT "id", coalesce("quotaSubject", "userId") AS subject, "reservedBytes" AS bytes FROM "Media"
    WHERE "userId" = $1 AND "status" = 'ready' FOR UPDATE
  ), moved AS (
    UPDATE "Media" SET "userId" = $2, "quotaSubject" = NULL FROM old WHERE "Media"."id" = old."id"
  ), counted AS (SELECT subject, sum(bytes)::bigint AS bytes FROM old GROUP BY 1)
  SELECT fermata_count_bytes(subject, 'media', -bytes)::text, fermata_count_bytes($2, 'media', bytes)::text FROM counted`;

/** An import keeps its files from the purge. Where both imported the same, the source says whose it was. */
const handOverImports = `
  UPDATE "ImportedFile" mine SET "userId" = $2,
    "source" = CASE WHEN EXISTS (
      SELECT 1 FROM "ImportedFile" theirs WHERE theirs."userId" = $2
        AND theirs."source" = mine."source" AND theirs."sourceId" = mine."sourceId"
    ) THEN mine."source" || ' of ' || $1 ELSE mine."source" END
  WHERE mine."userId" = $1`;

/**
 * Makes a user's ready files and media, open rooms and the books of imports another's, in a transaction of the caller's.
 * What is not ready stays. The new owner's quota is not asked.
 * @param except files that stay, such as an avatar
 */
export async function handOverUserRows(
  tx: Transaction,
  { from, to, except, now }: { from: string; to: string; except: string[]; now: Date },
): Promise<void> {
  await tx.query(handOverFiles, [from, to, except]);
  await tx.query(handOverMedia, [from, to]);
  await tx.query(handOverImports, [from, to]);
  await tx.query(
    `UPDATE "Room" SET "ownerId" = $2 WHERE "ownerId" = $1 AND "closedAt" IS NULL AND "expiresAt" > $3`,
    [from, to, now],
  );
}
