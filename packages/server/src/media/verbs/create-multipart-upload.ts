import { setTimeout as sleep } from "node:timers/promises";
import { limits, type storage } from "@fermata/contract";
import type { z } from "zod";
import { cleanFilename } from "../../bytes/clean-filename";
import { quotaOf, subjectColumn } from "../../bytes/quota-of";
import { withinQuota } from "../../bytes/within-quota";
import type { UserContext } from "../../context";
import { Prisma } from "../../generated/prisma/client";
import type { MediaModel } from "../../generated/prisma/models/Media";
import type { Tx } from "../../ground/db";
import { AppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import { type GrantRule, ruleColumns } from "../../uploads/require-rule";
import { mediaDisposition } from "../rows/media-disposition";
import { publicUrlOf } from "../rows/to-media";
import { requireAcceptedMedia } from "../uploads/accepted-media";
import { readAgainBytes } from "../uploads/compare-parts";
import { openedId, tellOpened } from "../uploads/first-part";
import { landingBucket } from "../uploads/media-place";
import { layOutParts } from "../uploads/part-layout";
import { requireMediaRule } from "../uploads/require-media-rule";
import { signPartsOf } from "./sign-parts";

type Input = z.output<typeof storage.createMultipartUpload.input>;

/** Somebody else opens the same upload right now: how often, and after which pauses, it is looked at again. */
const openingTries = 40;
const openingPauseMs = 50;

/**
 * Opens an upload in parts, up to 5 TiB, for six days. The row comes before the grant and reserves its bytes. The
 * caller's open upload of the same fingerprint, size, type and visibility is answered with instead, so that it continues.
 * @throws AppError QUOTA_EXCEEDED, UNSUPPORTED_MEDIA_TYPE, CONFLICT for an `opening` that was used before; by a rule also FORBIDDEN, INVALID_INPUT, PAYLOAD_TOO_LARGE
 */
export async function createMultipartUpload(
  ctx: UserContext,
  input: Input,
): Promise<z.input<typeof storage.createMultipartUpload.output>> {
  requireAcceptedMedia(input.contentType);
  const rule = await requireMediaRule(ctx, input);
  const quota = quotaOf(ctx, ctx.identity, "media");

  for (let tries = 1; ; tries++) {
    const { media, isNew } = await withinQuota(ctx, quota, async (tx) => {
      const open = await findOpen(ctx, tx, input);
      return open
        ? { media: open, isNew: false }
        : { media: await insert(ctx, tx, input, rule), isNew: true };
    }).catch((error) => {
      // As where a browser sends a call twice, and nothing says that both mean one file.
      if (input.opening && isNameTaken(error))
        throw new AppError("CONFLICT", { reason: "something was opened by this name" });
      throw error;
    });
    if (media.uploadId) {
      await ctx.db.media.updateMany({ where: { id: media.id }, data: { takenUp: true } });
      return toAnswer(ctx, media, true);
    }
    // Its opener is between the row and the store; one that died there is replaced.
    if (isNew || tries >= openingTries) {
      const opened = await openInStore(ctx, media);
      const urls = await signFirst(ctx, opened, input.signFirst ?? 0);
      if (urls[0]) tellOpened(opened.id, urls[0].url);
      return { ...toAnswer(ctx, opened, false), ...(urls.length > 0 && { urls }) };
    }
    await sleep(openingPauseMs);
  }
}

async function findOpen(ctx: UserContext, tx: Tx, input: Input): Promise<MediaModel | null> {
  const { fingerprint, sizeBytes, contentType, visibility } = input;
  if (!fingerprint) return null;
  const { userId } = ctx.identity;
  // Two sessions that ask at once must find the same upload.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${userId} ${fingerprint}`}, 0))`;
  return tx.media.findFirst({
    where: {
      userId,
      fingerprint,
      sizeBytes,
      contentType,
      visibility,
      rule: input.as ?? null,
      status: "pending",
      partCount: { not: null },
      expiresAt: { gt: new Date(ctx.clock.now().getTime() + limits.storage.grantSeconds * 1000) },
    },
    orderBy: { createdAt: "desc" },
  });
}

function insert(
  ctx: UserContext,
  tx: Tx,
  input: Input,
  rule: GrantRule | null,
): Promise<MediaModel> {
  const now = ctx.clock.now();
  const { userId } = ctx.identity;
  return tx.media.create({
    data: {
      id: input.opening ? openedId(userId, input.opening) : newId(),
      key: newId(),
      userId,
      ...subjectColumn(quotaOf(ctx, ctx.identity, "media"), userId),
      filename: cleanFilename(input.filename),
      contentType: input.contentType,
      visibility: input.visibility,
      sizeBytes: input.sizeBytes,
      reservedBytes: input.sizeBytes,
      fingerprint: input.fingerprint ?? null,
      ...ruleColumns(rule),
      ...layOutParts(input.sizeBytes, {
        wantedBytes: input.partSizeBytes,
        leastPartBytes: ctx.objects.leastPartBytes,
      }),
      createdAt: now,
      expiresAt: new Date(now.getTime() + limits.storage.multipartSeconds * 1000),
    },
  });
}

/** Where a part brings its checksum itself, or is compared by its ETag: nobody has read the file yet. */
async function signFirst(ctx: UserContext, media: MediaModel, count: number) {
  const { comparesDigests, etagIsMd5 } = ctx.objects;
  const isSmall = Number(media.partSizeBytes) <= readAgainBytes;
  if (!comparesDigests && !(etagIsMd5 && isSmall)) return [];
  const parts = Array.from({ length: Math.min(count, media.partCount ?? 0) }, (_, index) => ({
    partNumber: index + 1,
  }));
  return signPartsOf(ctx, media, parts);
}

function isNameTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}

async function openInStore(ctx: UserContext, media: MediaModel): Promise<MediaModel> {
  const where = { id: media.id };
  const bucket = landingBucket(media);
  let uploadId: string | null = null;
  try {
    uploadId = await ctx.objects.createMultipartUpload(bucket, media.key, {
      contentType: media.contentType,
      contentDisposition: mediaDisposition(media.contentType, media.filename),
      label: media.userId,
    });
    const [opened] = await ctx.db.media.updateManyAndReturn({
      where: { ...where, uploadId: null },
      data: { uploadId },
    });
    if (opened) return opened;
    // Another session was first.
    await ctx.objects.abortMultipartUpload(bucket, media.key, uploadId);
    return await ctx.db.media.findUniqueOrThrow({ where });
  } catch (error) {
    // Nobody knows the key, so nobody would ever finish it. What cannot be undone now, the expiry of the row does, and the
    // daily sweep for what no row names.
    await Promise.allSettled([
      ctx.db.media.deleteMany({ where }),
      uploadId && ctx.objects.abortMultipartUpload(bucket, media.key, uploadId),
    ]);
    throw error;
  }
}

function toAnswer(ctx: UserContext, media: MediaModel, resumed: boolean) {
  const { key, uploadId, partSizeBytes, partCount, expiresAt } = media;
  return {
    key,
    uploadId: uploadId ?? "",
    partSizeBytes: Number(partSizeBytes),
    partCount: partCount ?? 0,
    checksum: ctx.objects.partChecksum,
    knowsParts: ctx.objects.tellsOfParts,
    keepsCutParts: ctx.objects.keepsCutParts,
    comparesDigests: ctx.objects.comparesDigests,
    etagIsMd5: ctx.objects.etagIsMd5,
    completesWithLast: ctx.objects.completesWithLast,
    publicUrl: publicUrlOf(ctx, media),
    expiresAt: expiresAt.toISOString(),
    resumed,
  };
}
