import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import { isSequenceAlone } from "../../images/with-known-brand";
import { ReaderDied } from "../../workbench/reader-died";
import { homeBucket } from "../uploads/media-place";
import { withDownload } from "./download";
import { hasReader, processingKind } from "./is-processed";
import { makeVariants } from "./make-variants";
import type { ProcessingRequest } from "./media-events";
import { previewClip } from "./preview-clip";
import { readRanges } from "./read-ranges";

/** Medium format is 150 megapixels. */
const maxPixels = 200_000_000;
/** Over all restarts and processes. */
const maxAttempts = 3;
/** A picture lies on this machine's disk while it is worked on. */
const maxPictureBytes = 256 * 1024 * 1024;

type Found = Partial<
  Pick<MediaModel, "width" | "height" | "thumbHash" | "durationSeconds" | "codec" | "waveform">
>;

/**
 * Finds out what a media is and makes what pages need of it. Doing it again changes nothing, and what an attempt that
 * died left is taken up. Whatever comes of it, the original can be used.
 * @param options.isLastAttempt a failure that might pass ends it, too
 * @throws Error for what may pass, such as a store that does not answer: to be tried again
 */
export async function processMedia(
  ctx: Services,
  { mediaId, round }: ProcessingRequest,
  { isLastAttempt }: { isLastAttempt: boolean },
): Promise<"ready" | "failed" | "skipped"> {
  const wanted = {
    id: mediaId,
    status: "ready",
    processing: "processing",
    processingRound: round,
  } as const;
  // Before the work: content that ends whoever reads it must not come back for ever.
  const { count: begun } = await ctx.db.media.updateMany({
    where: { ...wanted, processingAttempts: { lt: maxAttempts } },
    data: { processingAttempts: { increment: 1 }, processingChangedAt: ctx.clock.now() },
  });
  const media = await ctx.db.media.findFirst({ where: wanted });
  if (!media) return "skipped";

  let end: Found & Pick<MediaModel, "processing" | "processingError">;
  try {
    if (begun === 0) throw new AppError("UNSUPPORTED_MEDIA_TYPE", { reason: givenUpReason });
    end = { ...(await findFacts(ctx, media)), processing: "ready", processingError: null };
  } catch (error) {
    const reason = lastingReason(error);
    if (reason === null && !isLastAttempt) {
      await takeBackAttempt(ctx, mediaId, error);
      throw error;
    }
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

async function findFacts(ctx: Services, media: MediaModel): Promise<Found> {
  const place = { bucket: homeBucket(media), key: media.key };
  const sizeBytes = Number(media.sizeBytes ?? 0);
  const turn = { urgency: "background", whose: media.userId } as const;
  if (processingKind(media.contentType) === "clip") {
    const clip = { sizeBytes, read: readRanges(ctx, place) };
    const facts = await ctx.workbench.readClipFacts(clip, turn);
    if (!facts) return nothingFor(media);
    const { durationSeconds, widthPx, heightPx, codec } = facts;
    const found = { durationSeconds, width: widthPx, height: heightPx, codec };
    const hasPictures = widthPx !== null;
    const preview = await previewClip(ctx, media, { ...clip, durationSeconds, hasPictures });
    return { ...found, ...preview };
  }
  if (sizeBytes > maxPictureBytes)
    throw new AppError("PAYLOAD_TOO_LARGE", { limitBytes: maxPictureBytes });
  return withDownload(ctx, place, async (path) => {
    const workPath = `${path}.png`;
    const wanted = { ...turn, maxPixels, workPath };
    const facts = await ctx.workbench.readImageFacts(path, wanted);
    if (!facts) return (await isSequenceAlone(path)) ? {} : nothingFor(media);
    const { widthPx, heightPx, thumbHash } = facts;
    const found = { width: widthPx, height: heightPx, thumbHash };
    // First what a page needs to hold the picture's place.
    await ctx.db.media.updateMany({ where: { id: media.id }, data: found });
    const { isMoving, hasWorkCopy } = facts;
    const original = { path: hasWorkCopy ? workPath : path, widthPx, maxPixels, isMoving };
    await makeVariants(ctx, media, original);
    return found;
  });
}

/** What passes was not the content's doing, unless it ended its reader. */
async function takeBackAttempt(ctx: Services, mediaId: string, error: unknown): Promise<void> {
  if (error instanceof ReaderDied) return;
  await ctx.db.media.updateMany({
    where: { id: mediaId, processingAttempts: { gt: 0 } },
    data: { processingAttempts: { decrement: 1 } },
  });
}

/** What no reader knows is as it should be; what one should have known and did not is broken. */
function nothingFor({ contentType }: MediaModel): Found {
  if (hasReader(contentType)) throw new AppError("UNSUPPORTED_MEDIA_TYPE");
  return {};
}

const givenUpReason = `Examining it was given up after ${maxAttempts} attempts.`;
const passingReason = "The server could not finish. Try again in a moment.";

/** Why no further attempt would end otherwise; null for what may pass. */
function lastingReason(error: unknown): string | null {
  if (!(error instanceof AppError)) return null;
  if (error.code === "UNSUPPORTED_MEDIA_TYPE") {
    const { reason } = error.details ?? {};
    const cause =
      typeof reason === "string" ? asSentence(reason) : "This format cannot be read here.";
    return `${cause} The original is as it was.`;
  }
  if (error.code === "PAYLOAD_TOO_LARGE")
    return "It is too large to be read here. The original is as it was.";
  return error.code === "NOT_FOUND" ? "The store has no such object." : null;
}

function asSentence(text: string): string {
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
