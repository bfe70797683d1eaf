import type { MediaModel } from "../../generated/prisma/models/Media";
import type { Transaction } from "../../ground/transaction";
import { queueBytes } from "../../outbox/queue-bytes";
import type { BucketName } from "../../ports/object-store";

/** Hands bytes to the outbox while their row lives on; where a row is deleted, a trigger does it. */
export async function queueMedia(
  tx: Transaction,
  { key, uploadId, sizeBytes }: Pick<MediaModel, "key" | "uploadId" | "sizeBytes">,
  { bucket, notBefore }: { bucket: BucketName; notBefore: Date },
): Promise<void> {
  await queueBytes(tx, { bucket, objectKey: key, uploadId, sizeBytes: sizeBytes ?? 0, notBefore });
}
