import type { MediaModel } from "../../generated/prisma/models/Media";
import type { Transaction } from "../../ground/transaction";
import type { BucketName } from "../../ports/object-store";

/** Hands bytes to the outbox while their row lives on; where a row is deleted, a trigger does it. */
export async function queueMedia(
  tx: Transaction,
  { key, uploadId, sizeBytes }: Pick<MediaModel, "key" | "uploadId" | "sizeBytes">,
  { bucket, notBefore }: { bucket: BucketName; notBefore: Date },
): Promise<void> {
  await tx.query(
    `INSERT INTO "Deletion" ("bucket", "objectKey", "uploadId", "sizeBytes", "nextAttemptAt")
     VALUES ($1, $2, $3, $4, $5)`,
    [bucket, key, uploadId, sizeBytes ?? 0, notBefore],
  );
}
