import type { Services } from "../../context";
import { homeBucket } from "../uploads/media-place";

/** Media as a job sees them. */
export interface StoredMedia {
  key: string;
  ownerId: string;
  filename: string;
  contentType: string;
  sizeBytes: number;
  visibility: "public" | "private";
  /** To be read once. */
  body: ReadableStream<Uint8Array>;
}

/** Anybody's ready media with their bytes, for jobs: whoever calls this answers for whom they show it to. Null for none. */
export async function readMedia(
  ctx: Pick<Services, "db" | "objects" | "log">,
  key: string,
): Promise<StoredMedia | null> {
  const media = await ctx.db.media.findFirst({ where: { key, status: "ready" } });
  if (!media) return null;
  // As it was uploaded: what is public may say less.
  const bucket = media.keepsOriginal ? "media-private" : homeBucket(media);
  const object = await ctx.objects.get(bucket, key);
  if (!object) {
    ctx.log.error({ key }, "ready media have no bytes in the store");
    return null;
  }
  const { userId: ownerId, filename, contentType, visibility } = media;
  const { body, sizeBytes } = object;
  return { key, ownerId, filename, contentType, sizeBytes, visibility, body };
}
