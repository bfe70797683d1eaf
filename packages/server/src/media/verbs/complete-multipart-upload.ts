import type { Media, storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import type { CompletedPart } from "../../ports/object-store";
import { findOwnMedia } from "../rows/find-own-media";
import { toMedia } from "../rows/to-media";
import { assembleParts } from "../uploads/assemble-parts";
import { openMultipart, requirePartNumbers } from "../uploads/open-multipart";
import type { PartLayout } from "../uploads/part-layout";
import { quoted } from "../uploads/record-part";
import { failureOf } from "../uploads/settle-upload";

/**
 * Makes one object of all the parts, then looks at it as `completeUpload` does. Calling again gives the same row.
 * @throws AppError NOT_FOUND, CONFLICT after an abort, UPLOAD_EXPIRED, INVALID_INPUT for doubled or unknown part numbers,
 * UPLOAD_INCOMPLETE for parts that are missing or others than named, CHECKSUM_MISMATCH with an `md5` that is given
 */
export async function completeMultipartUpload(
  ctx: UserContext,
  { key, parts }: z.output<typeof storage.completeMultipartUpload.input>,
): Promise<Media> {
  const media = await findOwnMedia(ctx, key);
  if (media.status === "ready") return toMedia(ctx, media);
  if (media.status === "failed") throw failureOf(media);
  const { layout } = openMultipart(ctx, media);
  requireAllParts(parts, layout);

  const named = parts
    .map(({ partNumber, etag, md5 }) => ({ partNumber, etag: quoted(etag), md5 }))
    .sort((a, b) => a.partNumber - b.partNumber);
  return toMedia(ctx, await assembleParts(ctx, media, named));
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
