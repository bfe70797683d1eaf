import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import type { CompletedPart } from "../../ports/object-store";
import type { ToldPart } from "./compare-parts";
import { landingBucket } from "./media-place";
import { openMultipart } from "./open-multipart";
import { type SettlingContext, settleUpload } from "./settle-upload";

/**
 * Makes one object of the parts of a pending row, and looks at it as at one that came whole.
 * @param parts all of them in their order, with their ETags as the header has them, and MD5s where they are to be compared
 * @throws AppError as `openMultipart` and `settleUpload` do; CONFLICT where the store knows nothing of it
 */
export async function assembleParts(
  ctx: SettlingContext,
  media: MediaModel,
  parts: (CompletedPart & ToldPart)[],
): Promise<MediaModel> {
  const { uploadId } = openMultipart(ctx, media);
  let failure: unknown = null;
  try {
    await ctx.objects.completeMultipartUpload(landingBucket(media), media.key, uploadId, parts);
  } catch (error) {
    // Another completion may have been first, or one whose answer was lost: then the object is there, whatever stores say
    // of a second (no such upload, already in progress).
    if (!mayBeThere(error)) throw error;
    failure = error;
  }
  const ready = await settleUpload(ctx, media, parts);
  if (ready) return ready;
  if (isAway(failure)) throw failure;
  throw new AppError("CONFLICT", { reason: "the store has no such upload" });
}

function mayBeThere(error: unknown): boolean {
  const isGone =
    error instanceof AppError && (error.code === "NOT_FOUND" || error.code === "CONFLICT");
  return isGone || isAway(error);
}

function isAway(error: unknown): error is AppError {
  return error instanceof AppError && error.code === "UPSTREAM_UNAVAILABLE";
}
