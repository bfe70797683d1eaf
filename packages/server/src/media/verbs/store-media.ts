import { limits } from "@fermata/contract";
import { cleanFilename } from "../../bytes/clean-filename";
import { type Quota, quotaOf, subjectColumn } from "../../bytes/quota-of";
import { withinQuota } from "../../bytes/within-quota";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import { mediaDisposition } from "../rows/media-disposition";
import { requireAcceptedMedia } from "../uploads/accepted-media";
import { landingBucket } from "../uploads/media-place";
import { failureOf, settleUpload } from "../uploads/settle-upload";

/** What the server itself takes in one piece. Heavier media come in parts, from a client with a token. */
const maxBytes = 64 * 1024 * 1024;

interface NewMedia {
  /** Whose they become: they count against their quota. */
  ownerId: string;
  /** What the app's rule of quotas counts them to. Default null. */
  tenantId?: string | null;
  /** What they count against, where that is known already. Default: the owner's, by the app's rule. */
  quota?: Quota;
  /** Held against the bytes, as of an upload. */
  contentType: string;
  filename: string;
  /** Default `private`. */
  visibility?: "public" | "private";
}

/**
 * Stores bytes as media of a user's, from a job or from anywhere on the server, with all that is checked of an upload.
 * @param bytes at most 64 MiB
 * @throws AppError QUOTA_EXCEEDED, UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, INVALID_INPUT for no bytes at all
 */
export async function storeMedia(
  ctx: Services,
  bytes: Uint8Array | AsyncIterable<Uint8Array>,
  { ownerId, tenantId = null, contentType, filename, visibility = "private", ...given }: NewMedia,
): Promise<{ key: string }> {
  requireAcceptedMedia(contentType);
  const isWhole = bytes instanceof Uint8Array;
  if (isWhole) requireSize(bytes.byteLength);
  const now = ctx.clock.now();
  const quota = given.quota ?? quotaOf(ctx, { userId: ownerId, tenantId }, "media");
  const name = cleanFilename(filename);
  const media = await withinQuota(ctx, quota, (tx) =>
    tx.media.create({
      data: {
        id: newId(),
        key: newId(),
        userId: ownerId,
        ...subjectColumn(quota, ownerId),
        filename: name,
        contentType,
        visibility,
        ...(isWhole && { sizeBytes: bytes.byteLength }),
        reservedBytes: isWhole ? bytes.byteLength : maxBytes,
        createdAt: now,
        // As of an upload whose browser went away: should this process end, the job for those ends it.
        expiresAt: new Date(now.getTime() + limits.storage.grantSeconds * 1000),
      },
    }),
  );
  const { key } = media;
  try {
    await ctx.objects.put(landingBucket(media), key, isWhole ? bytes : bounded(bytes), {
      contentType,
      contentDisposition: mediaDisposition(contentType, name),
    });
  } catch (error) {
    await ctx.db.media.deleteMany({ where: { id: media.id, status: "pending" } });
    throw error;
  }
  const settled = await settleUpload(ctx, media);
  if (!settled) throw new AppError("UPSTREAM_UNAVAILABLE", { service: "storage" });
  if (settled.status === "failed") throw failureOf(settled);
  return { key };
}

async function* bounded(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let sizeBytes = 0;
  for await (const chunk of bytes) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) requireSize(sizeBytes);
    yield chunk;
  }
  requireSize(sizeBytes);
}

function requireSize(sizeBytes: number): void {
  if (sizeBytes === 0) {
    const issues = [{ path: "bytes", message: "there are none" }];
    throw new AppError("INVALID_INPUT", { issues });
  }
  if (sizeBytes > maxBytes)
    throw new AppError("PAYLOAD_TOO_LARGE", { sizeBytes, limitBytes: maxBytes });
}
