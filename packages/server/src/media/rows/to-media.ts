import type { Media } from "@fermata/contract";
import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";

type Ctx = Pick<Services, "objects"> & { origin: string };

/** The row as clients see it. */
export function toMedia(ctx: Ctx, media: MediaModel): Media {
  return {
    key: media.key,
    filename: media.filename,
    contentType: media.contentType,
    // Nobody has said it yet, where a grant left it open.
    sizeBytes: Number(media.sizeBytes ?? 0),
    status: media.status,
    visibility: media.visibility,
    createdAt: media.createdAt.toISOString(),
    publicUrl: publicUrlOf(ctx, media),
    ...(media.width !== null && { width: media.width }),
    ...(media.height !== null && { height: media.height }),
    ...(media.durationSeconds !== null && { durationSeconds: media.durationSeconds }),
    ...(media.codec !== null && { codec: media.codec }),
    ...(media.thumbHash !== null && { thumbHash: media.thumbHash }),
    ...(media.waveform !== null && { waveform: media.waveform }),
    ...(media.processing !== null && {
      processing: {
        state: media.processing,
        ...(media.processingError !== null && { reason: media.processingError }),
      },
    }),
  };
}

export function publicUrlOf(
  ctx: Ctx,
  { visibility, key }: Pick<MediaModel, "visibility" | "key">,
): string | null {
  return visibility === "public" ? ctx.objects.publicUrl(key, ctx.origin) : null;
}
