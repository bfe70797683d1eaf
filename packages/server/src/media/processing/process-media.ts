import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import { readImageFacts } from "../../images/read-image-facts";
import { homeBucket } from "../uploads/media-place";
import { withDownload } from "./download";
import { processingKind } from "./is-processed";
import { makeVariants } from "./make-variants";
import type { ProcessingRequest } from "./media-events";
import { readClipFacts } from "./read-clip-facts";

type Ctx = Pick<Services, "db" | "objects" | "clock" | "log">;

/** Medium format is 150 megapixels. */
const maxPixels = 200_000_000;
/** A picture lies on this machine's disk while it is worked on. */
const maxPictureBytes = 256 * 1024 * 1024;

type Found = Partial<
  Pick<MediaModel, "width" | "height" | "thumbHash" | "durationSeconds" | "codec">
>;

/**
 * Finds out what a media is and makes what pages need of it. Doing it again changes nothing, and what an attempt that
 * died left is taken up. Whatever comes of it, the original can be used.
 * @param options.isLastAttempt a failure that might pass ends it, too
 * @throws Error for what may pass, such as a store that does not answer: to be tried again
 */
export async function processMedia(
  ctx: Ctx,
  { mediaId, round }: ProcessingRequest,
  { isLastAttempt }: { isLastAttempt: boolean },
): Promise<"ready" | "failed" | "skipped"> {
  const wanted = {
    id: mediaId,
    status: "ready",
    processing: "processing",
    processingRound: round,
  } as const;
  await ctx.db.media.updateMany({ where: wanted, data: { processingChangedAt: ctx.clock.now() } });
  const media = await ctx.db.media.findFirst({ where: wanted });
  if (!media) return "skipped";

  let end: Found & Pick<MediaModel, "processing" | "processingError">;
  try {
    end = { ...(await findFacts(ctx, media)), processing: "ready", processingError: null };
  } catch (error) {
    const reason = lastingReason(error);
    if (reason === null && !isLastAttempt) throw error;
    ctx.log.warn({ err: error, mediaId }, "media could not be processed");
    end = { processing: "failed", processingError: reason ?? passingReason };
  }
  const { count } = await ctx.db.media.updateMany({
    where: wanted,
    data: { ...end, processingChangedAt: ctx.clock.now() },
  });
  if (count === 0) return "skipped";
  return end.processing === "ready" ? "ready" : "failed";
}

async function findFacts(ctx: Ctx, media: MediaModel): Promise<Found> {
  const place = { bucket: homeBucket(media), key: media.key };
  const sizeBytes = Number(media.sizeBytes ?? 0);
  if (processingKind(media.contentType) === "clip") {
    const facts = await readClipFacts(ctx, { ...place, sizeBytes });
    if (!facts) throw unreadable();
    const { durationSeconds, widthPx, heightPx, codec } = facts;
    return { durationSeconds, width: widthPx, height: heightPx, codec };
  }
  if (sizeBytes > maxPictureBytes)
    throw new AppError("PAYLOAD_TOO_LARGE", { limitBytes: maxPictureBytes });
  return withDownload(ctx, place, async (path) => {
    const facts = await readImageFacts(path, { maxPixels });
    if (!facts) throw unreadable();
    const { widthPx, heightPx, thumbHash } = facts;
    const found = { width: widthPx, height: heightPx, thumbHash };
    // First what a page needs to hold the picture's place.
    await ctx.db.media.updateMany({ where: { id: media.id }, data: found });
    await makeVariants(ctx, media, { path, widthPx, maxPixels });
    return found;
  });
}

function unreadable(): AppError {
  return new AppError("UNSUPPORTED_MEDIA_TYPE");
}

const passingReason = "The server could not finish. Try again in a moment.";

/** Why no further attempt would end otherwise; null for what may pass. */
function lastingReason(error: unknown): string | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === "UNSUPPORTED_MEDIA_TYPE")
    return "This format cannot be read here. The original is as it was.";
  if (error.code === "PAYLOAD_TOO_LARGE")
    return "It is too large to be read here. The original is as it was.";
  return error.code === "NOT_FOUND" ? "The store has no such object." : null;
}
