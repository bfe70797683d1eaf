import { pictureCacheControl } from "../../bytes/cache-control";
import type { Services } from "../../context";
import type { MediaVariantModel } from "../../generated/prisma/models/MediaVariant";
import { windowEnd } from "../verbs/get-media-url";

/** A URL that reads a smaller copy now, signed where its media is private. */
export async function readVariantUrl(
  ctx: Pick<Services, "objects" | "clock"> & { origin: string },
  { visibility, key }: Pick<MediaVariantModel, "visibility" | "key">,
): Promise<string> {
  if (visibility === "public") return ctx.objects.publicUrl(key, ctx.origin);
  return ctx.objects.signGet({
    bucket: "media-private",
    key,
    cacheControl: pictureCacheControl,
    expiresAt: windowEnd(ctx.clock.now()),
    origin: ctx.origin,
  });
}
