import { limits, type storage } from "@fermata/contract";
import type { z } from "zod";
import { cleanFilename } from "../../bytes/clean-filename";
import { quotaOf, subjectColumn } from "../../bytes/quota-of";
import { withinQuota } from "../../bytes/within-quota";
import type { UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import type { Tx } from "../../ground/db";
import { newId } from "../../ground/secrets";
import { ruleColumns } from "../../uploads/require-rule";
import { mediaDisposition } from "../rows/media-disposition";
import { publicUrlOf } from "../rows/to-media";
import { requireAcceptedMedia } from "../uploads/accepted-media";
import { directRoute } from "../uploads/direct-route";
import { landingBucket } from "../uploads/media-place";
import { requireMediaRule } from "../uploads/require-media-rule";

type Input = z.output<typeof storage.getUploadUrl.input>;

/**
 * Grants one PUT of one object, straight to the store, within the hour. Type, length and checksum are signed as far as
 * they are given. The row comes before the grant and reserves its bytes. The caller's open grant of the same fingerprint,
 * size, type and visibility is given again instead, and says whether its bytes are there.
 * @throws AppError QUOTA_EXCEEDED, UNSUPPORTED_MEDIA_TYPE; by a rule also FORBIDDEN, INVALID_INPUT, PAYLOAD_TOO_LARGE
 */
export async function createUpload(
  ctx: UserContext,
  input: Input,
): Promise<z.input<typeof storage.getUploadUrl.output>> {
  requireAcceptedMedia(input.contentType);
  const open = await takeUpOpen(ctx, input);
  const isThere = open && (await ctx.objects.head(landingBucket(open), open.key)) !== null;
  const media = open ?? (await reserveUpload(ctx, input));
  const { url, method, headers } = await ctx.objects.signPut({
    bucket: landingBucket(media),
    key: media.key,
    contentType: media.contentType,
    contentDisposition: mediaDisposition(media.contentType, media.filename),
    label: media.userId,
    ...(input.sizeBytes !== undefined && { sizeBytes: input.sizeBytes }),
    ...(input.md5 && { md5: input.md5 }),
    ttlSeconds: limits.storage.grantSeconds,
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
    ...(open && { resumed: isThere ? ("stored" as const) : ("open" as const) }),
  };
}

/**
 * The pending row of an upload in one piece, which counts against the quota.
 * @param attempt what its sender knows this attempt by, where it is no file's fingerprint
 * @throws AppError as `createUpload` does
 */
export async function reserveUpload(
  ctx: UserContext,
  input: Omit<Input, "fingerprint"> & { fingerprint?: Input["fingerprint"] },
  attempt: string | null = null,
): Promise<MediaModel> {
  requireAcceptedMedia(input.contentType);
  const rule = await requireMediaRule(ctx, input);
  const { userId } = ctx.identity;
  const { grantSeconds, undeclaredPutBytes } = limits.storage;
  const now = ctx.clock.now();
  const filename = cleanFilename(input.filename);
  const quota = quotaOf(ctx, ctx.identity, "media");
  const create = (tx: Tx) =>
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
        fingerprint: attempt ?? input.fingerprint ?? null,
        ...ruleColumns(rule),
        createdAt: now,
        expiresAt: new Date(now.getTime() + grantSeconds * 1000),
      },
    });
  return withinQuota(ctx, quota, create);
}

/** One that a page began and left: it gets another hour. */
async function takeUpOpen(ctx: UserContext, input: Input): Promise<MediaModel | null> {
  const { fingerprint, sizeBytes, contentType, visibility, md5 } = input;
  if (!fingerprint || sizeBytes === undefined) return null;
  const now = ctx.clock.now();
  const open = await ctx.db.media.findFirst({
    where: {
      userId: ctx.identity.userId,
      fingerprint,
      sizeBytes,
      contentType,
      visibility,
      md5: md5 ?? null,
      rule: input.as ?? null,
      status: "pending",
      partCount: null,
      expiresAt: { gt: now },
    },
    orderBy: { createdAt: "desc" },
  });
  if (!open) return null;
  const expiresAt = new Date(now.getTime() + limits.storage.grantSeconds * 1000);
  const { count } = await ctx.db.media.updateMany({
    where: { id: open.id, status: "pending" },
    data: { expiresAt },
  });
  return count > 0 ? { ...open, expiresAt } : null;
}
