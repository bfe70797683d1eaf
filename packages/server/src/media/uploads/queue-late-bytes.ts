import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import type { Transaction } from "../../ground/transaction";
import { landingBucket } from "./media-place";
import { queueMedia } from "./queue-media";

/** A PUT that began in time may end a little late. */
const graceSeconds = 120;

/**
 * Has looked after bytes that may still come for an upload that is over: where a store cannot take a grant back, it can be
 * used until it expires. Parts need no such look: they end with their upload.
 */
export async function queueLateBytes(
  { objects, clock }: Pick<Services, "objects" | "clock">,
  tx: Transaction,
  media: Pick<MediaModel, "key" | "visibility" | "partCount" | "expiresAt">,
): Promise<void> {
  const isOver = media.expiresAt.getTime() + graceSeconds * 1000 <= clock.now().getTime();
  if (objects.takesBackGrants || media.partCount !== null || isOver) return;
  await queueMedia(
    tx,
    // How many they are is measured when they are found.
    { key: media.key, uploadId: null, sizeBytes: null },
    {
      bucket: landingBucket(media),
      notBefore: new Date(media.expiresAt.getTime() + graceSeconds * 1000),
    },
  );
}
