import type { Media, storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import type { CompletedPart } from "../../ports/object-store";
import { findOwnMedia } from "../rows/find-own-media";
import { toMedia } from "../rows/to-media";
import { landingBucket } from "../uploads/media-place";
import { openMultipart, requirePartNumbers } from "../uploads/open-multipart";
import type { PartLayout } from "../uploads/part-layout";
import { quoted } from "../uploads/record-part";
import { failureOf, settleUpload } from "../uploads/settle-upload";

/**
 * Makes one object of all the parts, then looks at it as `completeUpload` does. Calling again gives the same row.
 * @throws AppError NOT_FOUND, CONFLICT after an abort, UPLOAD_EXPIRED, INVALID_INPUT for doubled or unknown part numbers,
 * UPLOAD_INCOMPLETE for parts that are missing or others than named
 */
export async function completeMultipartUpload(
  ctx: UserContext,
  { key, parts }: z.output<typeof storage.completeMultipartUpload.input>,
): Promise<Media> {
  const media = await findOwnMedia(ctx, key);
  if (media.status === "ready") return toMedia(ctx, media);
  if (media.status === "failed") throw failureOf(media);
  const { uploadId, layout } = openMultipart(ctx, media);
  requireAllParts(parts, layout);

  const named = parts.map(({ partNumber, etag }) => ({ partNumber, etag: quoted(etag) }));
  let failure: unknown = null;
  try {
    await ctx.objects.completeMultipartUpload(landingBucket(media), key, uploadId, named);
  } catch (error) {
    // Another completion may have been first, or one whose answer was lost: then the object is there, whatever stores say
    // of a second (no such upload, already in progress).
    if (!mayBeThere(error)) throw error;
    failure = error;
  }
  const ready = await settleUpload(ctx, media);
  if (ready) return toMedia(ctx, ready);
  if (isAway(failure)) throw failure;
  throw new AppError("CONFLICT", { reason: "the store has no such upload" });
}

function requireAllParts(parts: CompletedPart[], layout: PartLayout): void {
  const partNumbers = parts.map((part) => part.partNumber);
  requirePartNumbers(partNumbers, layout);
  if (partNumbers.length === layout.partCount) return;
  const given = new Set(partNumbers);
  const missing: number[] = [];
  for (let number = 1; number <= layout.partCount && missing.length < 20; number++) {
    if (!given.has(number)) missing.push(number);
  }
  throw new AppError("UPLOAD_INCOMPLETE", { missing, partCount: layout.partCount });
}

function mayBeThere(error: unknown): boolean {
  const isGone =
    error instanceof AppError && (error.code === "NOT_FOUND" || error.code === "CONFLICT");
  return isGone || isAway(error);
}

function isAway(error: unknown): error is AppError {
  return error instanceof AppError && error.code === "UPSTREAM_UNAVAILABLE";
}
