import { limits, type storage } from "@fermata/contract";
import type { z } from "zod";
import { cleanFilename } from "../../bytes/clean-filename";
import { quotaOf, subjectColumn } from "../../bytes/quota-of";
import { withinQuota } from "../../bytes/within-quota";
import type { UserContext } from "../../context";
import { newId } from "../../ground/secrets";
import { ruleColumns } from "../../uploads/require-rule";
import { mediaDisposition } from "../rows/media-disposition";
import { publicUrlOf } from "../rows/to-media";
import { requireAcceptedMedia } from "../uploads/accepted-media";
import { directRoute } from "../uploads/direct-route";
import { landingBucket } from "../uploads/media-place";
import { requireMediaRule } from "../uploads/require-media-rule";

/**
 * Grants one PUT of one object, straight to the store, within the hour. Type, length and checksum are signed as far as
 * they are given. The row comes before the grant and reserves its bytes.
 * @param fingerprint what its sender knows this attempt by
 * @throws AppError QUOTA_EXCEEDED, UNSUPPORTED_MEDIA_TYPE; by a rule also FORBIDDEN, INVALID_INPUT, PAYLOAD_TOO_LARGE
 */
export async function createUpload(
  ctx: UserContext,
  input: z.output<typeof storage.getUploadUrl.input>,
  fingerprint: string | null = null,
): Promise<z.input<typeof storage.getUploadUrl.output>> {
  requireAcceptedMedia(input.contentType);
  const rule = await requireMediaRule(ctx, input);
  const { userId } = ctx.identity;
  const { grantSeconds, undeclaredPutBytes } = limits.storage;
  const now = ctx.clock.now();
  const filename = cleanFilename(input.filename);
  const quota = quotaOf(ctx, ctx.identity, "media");

  const media = await withinQuota(ctx, quota, (tx) =>
    tx.media.create({
      data: {
        id: newId(),
        key: newId(),
        userId,
        ...subjectColumn(quota, userId),
        filename,
        contentType: input.contentType,
        visibility: input.visibility,
        sizeBytes: input.sizeBytes,
        reservedBytes: input.sizeBytes ?? rule?.maxBytes ?? undeclaredPutBytes,
        md5: input.md5,
        fingerprint,
        ...ruleColumns(rule),
        createdAt: now,
        expiresAt: new Date(now.getTime() + grantSeconds * 1000),
      },
    }),
  );
  const { url, method, headers } = await ctx.objects.signPut({
    bucket: landingBucket(media),
    key: media.key,
    contentType: media.contentType,
    contentDisposition: mediaDisposition(media.contentType, filename),
    label: media.userId,
    ...(input.sizeBytes !== undefined && { sizeBytes: input.sizeBytes }),
    ...(input.md5 && { md5: input.md5 }),
    ttlSeconds: grantSeconds,
    origin: ctx.origin,
  });
  return {
    key: media.key,
    uploadUrl: url,
    method,
    headers,
    publicUrl: publicUrlOf(ctx, media),
    expiresAt: media.expiresAt.toISOString(),
    ...directRoute(ctx),
  };
}
