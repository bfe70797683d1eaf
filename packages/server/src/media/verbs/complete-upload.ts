import type { Media } from "@fermata/contract";
import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { findOwnMedia } from "../rows/find-own-media";
import { toMedia } from "../rows/to-media";
import { failureOf, settleUpload } from "../uploads/settle-upload";

/**
 * Makes an upload ready, after a look at the object itself. Calling again gives the same row.
 * @throws AppError NOT_FOUND; CHECKSUM_MISMATCH with the `md5` that is given; UPLOAD_INCOMPLETE or UPLOAD_EXPIRED when nothing arrived; UNSUPPORTED_MEDIA_TYPE or
 * PAYLOAD_TOO_LARGE when it is not what was granted: then its bytes are deleted
 */
export async function completeUpload(
  ctx: UserContext,
  { key, md5 }: { key: string; md5?: string | undefined },
): Promise<Media> {
  const found = await findOwnMedia(ctx, key);
  // What the grant says was compared by the store.
  const media = { ...found, md5: found.md5 ? null : (md5 ?? null) };
  if (media.status === "ready") return toMedia(ctx, media);
  if (media.status === "failed") throw failureOf(media);
  // Bytes that arrived in time count, however late their sender says so.
  const ready = await settleUpload(ctx, media);
  if (ready) return toMedia(ctx, ready);
  throw new AppError(media.expiresAt <= ctx.clock.now() ? "UPLOAD_EXPIRED" : "UPLOAD_INCOMPLETE");
}
