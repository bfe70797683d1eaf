import type { MediaModel } from "../../generated/prisma/models/Media";
import type { Tx } from "../../ground/db";
import type { BucketName } from "../../ports/object-store";

/** Hands bytes to the outbox while their row lives on; where a row is deleted, a trigger does it. */
export async function queueMedia(
  db: Pick<Tx, "deletion">,
  { key, uploadId, sizeBytes }: Pick<MediaModel, "key" | "uploadId" | "sizeBytes">,
  { bucket, notBefore }: { bucket: BucketName; notBefore: Date },
): Promise<void> {
  await db.deletion.create({
    data: {
      bucket,
      objectKey: key,
      uploadId,
      sizeBytes: sizeBytes ?? 0,
      nextAttemptAt: notBefore,
    },
  });
}
