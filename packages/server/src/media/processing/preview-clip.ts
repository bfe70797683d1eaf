import { normalizeType } from "../../bytes/content-types";
import { quotaBeside } from "../../bytes/quota-of";
import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import { eraseSoon } from "../../outbox/empty-deletions";
import type { ClipSource } from "../../ports/workbench";
import { ReaderDied } from "../../workbench/reader-died";
import { storeMedia } from "../verbs/store-media";

/** A clip as a reader gets it, and what was found out about it. */
type Clip = ClipSource & { durationSeconds: number | null; hasPictures: boolean };

/**
 * Makes what a page shows of a clip before it is played: a film's poster, where it has none, and a recording's waveform.
 * Where no decoder is installed for it, or its bytes cannot be decoded, it goes without: neither is a failure.
 * @throws Error for what may pass, such as a store that does not answer
 */
export async function previewClip(
  ctx: Services,
  media: MediaModel,
  { hasPictures, ...clip }: Clip,
): Promise<Pick<MediaModel, "waveform">> {
  const turn = { urgency: "background", whose: media.userId } as const;
  const { durationSeconds } = clip;
  // A film's container may hold sound alone. What is called a sound is listened to, whatever cover it has.
  if (hasPictures && !normalizeType(media.contentType).startsWith("audio/")) {
    if (await hasPoster(ctx, media)) return { waveform: null };
    const frame = await unlessUndecodable(ctx, media, () => ctx.workbench.takeFrame(clip, turn));
    if (frame) await addPoster(ctx, media, frame);
    return { waveform: null };
  }
  if (!durationSeconds) return { waveform: null };
  const peaks = await unlessUndecodable(ctx, media, () =>
    ctx.workbench.drawWaveform({ ...clip, durationSeconds }, turn),
  );
  return { waveform: peaks && Buffer.from(peaks).toString("base64") };
}

async function unlessUndecodable<T>(
  ctx: Services,
  media: MediaModel,
  decode: () => Promise<T | null>,
): Promise<T | null> {
  try {
    return await decode();
  } catch (error) {
    const isUndecodable =
      error instanceof ReaderDied ||
      (error instanceof AppError && error.code === "UNSUPPORTED_MEDIA_TYPE");
    if (!isUndecodable) throw error;
    ctx.log.warn({ err: error, mediaId: media.id }, "a clip could not be decoded");
    return null;
  }
}

async function hasPoster(ctx: Services, { id }: MediaModel): Promise<boolean> {
  return (await ctx.db.media.count({ where: { posterOfId: id } })) > 0;
}

/** A media of its own, as one that the browser made: it counts where its clip does, and where a user's quota is full there is none. */
async function addPoster(ctx: Services, clip: MediaModel, bytes: Uint8Array): Promise<void> {
  const { userId: ownerId, visibility } = clip;
  try {
    const said = { filename: "poster.webp", contentType: "image/webp" };
    const quota = quotaBeside(ctx, clip, "media");
    const { key } = await storeMedia(ctx, bytes, { ...said, ownerId, visibility, quota });
    if (await stands(ctx, clip, key)) return;
    await ctx.db.media.deleteMany({ where: { key } });
    await eraseSoon(ctx, key);
  } catch (error) {
    if (!(error instanceof AppError && error.code === "QUOTA_EXCEEDED")) throw error;
    ctx.log.info({ mediaId: clip.id }, "there is no room for a poster");
  }
}

/** @returns false where the clip has gone, or has one from its browser by now */
function stands(ctx: Services, { id }: MediaModel, posterKey: string): Promise<boolean> {
  return ctx.db.$transaction(async (tx) => {
    const clips = await tx.$queryRaw<
      unknown[]
    >`SELECT 1 FROM "Media" WHERE "id" = ${id} FOR UPDATE`;
    if (clips.length === 0 || (await tx.media.count({ where: { posterOfId: id } })) > 0)
      return false;
    await tx.media.updateMany({ where: { key: posterKey }, data: { posterOfId: id } });
    return true;
  });
}
