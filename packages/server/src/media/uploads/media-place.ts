import type { MediaModel } from "../../generated/prisma/models/Media";
import type { BucketName } from "../../ports/object-store";

type Placed = Pick<MediaModel, "visibility" | "partCount">;

/** Where a complete object lies, and where its outbox entry points. */
export function homeBucket({ visibility }: Placed): BucketName {
  return visibility === "public" ? "media-public" : "media-private";
}

/**
 * Where the bytes arrive. Nothing can be read from `media-public` before it was looked at: a single PUT lands where no
 * domain reaches, and the parts of a multipart upload are no object until it is completed.
 */
export function landingBucket(media: Placed): BucketName {
  return media.partCount === null ? "media-private" : homeBucket(media);
}
