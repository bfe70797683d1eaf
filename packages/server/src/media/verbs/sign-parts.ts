import { limits, type storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { findOwnMedia } from "../rows/find-own-media";
import { landingBucket } from "../uploads/media-place";
import { openMultipart, requirePartNumbers } from "../uploads/open-multipart";
import { partBytes } from "../uploads/part-layout";
import { quoted, recordParts } from "../uploads/record-part";

/**
 * Signs PUTs for parts, each with its exact length, for an hour; sign again what expires. Notes which parts the store took
 * since the last call.
 * @throws AppError NOT_FOUND, CONFLICT, UPLOAD_EXPIRED, INVALID_INPUT
 */
export async function signParts(
  ctx: UserContext,
  input: z.output<typeof storage.signParts.input>,
): Promise<z.input<typeof storage.signParts.output>> {
  const media = await findOwnMedia(ctx, input.key);
  const { sizeBytes, layout } = openMultipart(ctx, media);
  const { parts, uploaded = [] } = input;
  requirePartNumbers(
    parts.map((part) => part.partNumber),
    layout,
  );
  requirePartNumbers(
    uploaded.map((part) => part.partNumber),
    layout,
  );
  await recordParts(
    ctx,
    media.id,
    uploaded.map(({ partNumber, etag, md5 }) => ({
      partNumber,
      md5,
      etag: quoted(etag),
      sizeBytes: partBytes(layout, sizeBytes, partNumber),
    })),
  );

  return { urls: await signPartsOf(ctx, media, parts) };
}

/** The same for a row that is known, and of which nothing is to be noted. @throws AppError CONFLICT, UPLOAD_EXPIRED */
export async function signPartsOf(
  ctx: UserContext,
  media: MediaModel,
  parts: z.output<typeof storage.signParts.input>["parts"],
): Promise<z.input<typeof storage.signParts.output>["urls"]> {
  const { uploadId, sizeBytes, layout } = openMultipart(ctx, media);
  const leftSeconds = Math.ceil((media.expiresAt.getTime() - ctx.clock.now().getTime()) / 1000);
  const signed = await ctx.objects.signParts(
    parts.map(({ partNumber, md5, sha256 }) => ({
      bucket: landingBucket(media),
      key: media.key,
      uploadId,
      partNumber,
      sizeBytes: partBytes(layout, sizeBytes, partNumber),
      ...(md5 && { md5 }),
      ...(sha256 && { sha256 }),
      ttlSeconds: Math.min(limits.storage.grantSeconds, leftSeconds),
      origin: ctx.origin,
    })),
  );
  return parts.map(({ partNumber }, index) => {
    const { url = "", headers = {} } = signed[index] ?? {};
    return { partNumber, url, headers };
  });
}
