import type { Transaction } from "../ground/transaction";
import type { BucketName } from "../ports/object-store";

interface BytesToDelete {
  bucket: BucketName;
  objectKey: string;
  /** 0 where it is not known. */
  sizeBytes?: number | bigint;
  /** The file whose bytes they are, which a receipt may ask for. */
  storageId?: string;
  /** A multipart upload to abort, where one was open. */
  uploadId?: string | null;
  /** Default: now, by PostgreSQL's clock. */
  createdAt?: Date;
  /** Default: at once. */
  notBefore?: Date;
}

/**
 * Hands bytes to the outbox that no row names, or while their row lives on; where a row is deleted, a trigger does it.
 * @returns the entry's id, for `takeBack`
 */
export async function queueBytes(tx: Transaction, bytes: BytesToDelete): Promise<bigint> {
  const { bucket, objectKey, sizeBytes = 0, storageId, uploadId, createdAt, notBefore } = bytes;
  const { rows } = await tx.query<{ id: bigint }>(
    `INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes", "storageId", "uploadId", "createdAt", "nextAttemptAt")
     VALUES ($1, $2, $3, $4, $5, coalesce($6::timestamptz, now()), coalesce($7::timestamptz, now())) RETURNING "id"`,
    [
      bucket,
      objectKey,
      sizeBytes,
      storageId ?? null,
      uploadId ?? null,
      createdAt ?? null,
      notBefore ?? null,
    ],
  );
  const [entry] = rows;
  if (!entry) throw new Error("an entry of the outbox was not written");
  return entry.id;
}

/** Leaves the bytes of an entry where they are. @throws Error when their deletion has begun */
export async function takeBack(tx: Transaction, entryId: bigint): Promise<void> {
  const { rows } = await tx.query(
    `DELETE FROM "Deletion" WHERE "id" = $1 AND "attempts" = 0 RETURNING "id"`,
    [entryId],
  );
  if (rows.length === 0) throw new Error("the outbox has begun with what was to stay");
}

/** SQL that hands over each row of `source`, which has "bucket", "objectKey" and "sizeBytes". */
export function queueEach(source: string): string {
  return `INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes")
     SELECT "bucket", "objectKey", "sizeBytes" FROM ${source} RETURNING "sizeBytes"`;
}
