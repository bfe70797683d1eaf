import { limits, type storage } from "@fermata/contract";
import type { z } from "zod";
import { cleanFilename } from "../bytes/clean-filename";
import { withinQuota } from "../bytes/within-quota";
import type { UserContext } from "../context";
import { newId } from "../secrets";
import { requireAcceptedMedia } from "./accepted-media";
import { mediaDisposition } from "./media-disposition";
import { landingBucket } from "./media-place";
import { layOutParts } from "./part-layout";
import { publicUrlOf } from "./to-media";

/**
 * Opens an upload in parts, up to 5 TiB, for six days. The row comes before the grant and reserves its bytes.
 * @throws AppError QUOTA_EXCEEDED, UNSUPPORTED_MEDIA_TYPE
 */
export async function createMultipartUpload(
  ctx: UserContext,
  input: z.output<typeof storage.createMultipartUpload.input>,
): Promise<z.input<typeof storage.createMultipartUpload.output>> {
  requireAcceptedMedia(input.contentType);
  const { userId } = ctx.identity;
  const layout = layOutParts(input.sizeBytes);
  const now = ctx.clock.now();
  const filename = cleanFilename(input.filename);
  const quota = { userId, kind: "media" as const, quotaBytes: ctx.config.mediaQuotaBytes };

  const media = await withinQuota(ctx, quota, (tx) =>
    tx.media.create({
      data: {
        id: newId(),
        key: newId(),
        userId,
        filename,
        contentType: input.contentType,
        visibility: input.visibility,
        sizeBytes: input.sizeBytes,
        reservedBytes: input.sizeBytes,
        ...layout,
        createdAt: now,
        expiresAt: new Date(now.getTime() + limits.storage.multipartSeconds * 1000),
      },
    }),
  );
  const where = { id: media.id };
  try {
    const uploadId = await ctx.objects.createMultipartUpload(landingBucket(media), media.key, {
      contentType: media.contentType,
      contentDisposition: mediaDisposition(media.contentType, filename),
    });
    await ctx.db.media.update({ where, data: { uploadId } });
    return {
      key: media.key,
      uploadId,
      ...layout,
      publicUrl: publicUrlOf(ctx, media),
      expiresAt: media.expiresAt.toISOString(),
    };
  } catch (error) {
    // Nobody knows the key, so nobody would ever finish it.
    await ctx.db.media.deleteMany({ where }).catch(() => {});
    throw error;
  }
}
