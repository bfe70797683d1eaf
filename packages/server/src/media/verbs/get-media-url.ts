import { pictureCacheControl } from "../../bytes/cache-control";
import { contentDisposition } from "../../bytes/content-disposition";
import { isInertType } from "../../bytes/content-types";
import type { Services, UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { homeBucket } from "../uploads/media-place";

/** A signed URL is the same for this long, so that caches hit; it works for one to two windows. */
const windowSeconds = 3600;

/** A URL that reads the object now; null when it is missing, not ready, or somebody else's. */
export async function getMediaUrl(
  ctx: UserContext,
  { key, filename }: { key: string; filename?: string | undefined },
): Promise<string | null> {
  const media = await ctx.db.media.findFirst({
    where: { key, userId: ctx.identity.userId, status: "ready" },
  });
  return media && readUrl(ctx, media, { filename, original: true });
}

/**
 * @param wanted.filename a name for the download, where it is to differ from the stored one
 * @param wanted.original with the place that the public copy does not say: for its owner
 */
export async function readUrl(
  ctx: Pick<Services, "objects" | "clock"> & { origin: string },
  media: MediaModel,
  { filename, original = false }: { filename?: string | undefined; original?: boolean } = {},
): Promise<string> {
  const isKept = original && media.keepsOriginal;
  if (media.visibility === "public" && !filename && !isKept) {
    return ctx.objects.publicUrl(media.key, ctx.origin);
  }
  const kind = isInertType(media.contentType) ? "inline" : "attachment";
  return ctx.objects.signGet({
    bucket: isKept ? "media-private" : homeBucket(media),
    key: media.key,
    ...(media.contentType.startsWith("image/") && { cacheControl: pictureCacheControl }),
    ...(filename && { contentDisposition: contentDisposition(kind, filename) }),
    expiresAt: windowEnd(ctx.clock.now()),
    origin: ctx.origin,
  });
}

/** When URLs that are signed now end: the same instant for a whole window. */
export function windowEnd(now: Date): Date {
  const window = Math.floor(now.getTime() / 1000 / windowSeconds);
  return new Date((window + 2) * windowSeconds * 1000);
}
