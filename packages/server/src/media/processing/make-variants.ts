import type { Services } from "../../context";
import { Prisma } from "../../generated/prisma/client";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { newId } from "../../ground/secrets";
import { fromPrisma } from "../../ground/transaction";
import type { ResizedImage } from "../../images/resize-image";
import { mediaWidths } from "../../images/variant-widths";
import { queueBytes } from "../../outbox/queue-bytes";
import { homeBucket } from "../uploads/media-place";

type Ctx = Pick<Services, "db" | "objects" | "workbench" | "clock">;

/** Where phones and middle-sized windows are, the steps are smaller: nothing there loads twice what it shows. */
const widthsPx = mediaWidths.filter((widthPx) => widthPx !== 1920);
/** What browsers choose first comes first. */
const formats = ["avif", "webp"] as const;
/** AVIF is made of one picture here. */
const movingFormats = ["webp"] as const;

interface Original {
  /** The file on this machine. */
  path: string;
  widthPx: number;
  maxPixels: number;
  isMoving: boolean;
}

/**
 * Makes the smaller copies of a picture that are not there yet: upright, without metadata, never wider than the original.
 * @returns how many were made
 */
export async function makeVariants(
  ctx: Ctx,
  media: MediaModel,
  original: Original,
): Promise<number> {
  const present = await ctx.db.mediaVariant.findMany({ where: { mediaId: media.id } });
  const unfinished = present.filter(({ readyAt }) => readyAt === null).map(({ id }) => id);
  // Of an attempt that died. Its bytes, if any, go through the outbox.
  await ctx.db.mediaVariant.deleteMany({ where: { id: { in: unfinished } } });
  const has = (widthPx: number, format: string) =>
    present.some(
      (variant) =>
        variant.readyAt !== null &&
        variant.width === widthPx &&
        variant.contentType === `image/${format}`,
    );
  let made = 0;
  for (const widthPx of widthsFor(original.widthPx)) {
    for (const format of original.isMoving ? movingFormats : formats) {
      if (has(Math.min(widthPx, original.widthPx), format)) continue;
      const { path, maxPixels, isMoving: moving } = original;
      const turn = { urgency: "background", whose: media.userId } as const;
      const wanted = { ...turn, widthPx, format, maxPixels, moving };
      if (await store(ctx, media, await ctx.workbench.resizeImage(path, wanted))) made++;
    }
  }
  return made;
}

/** Those below the original's, and one that holds it whole. */
function widthsFor(originalPx: number): number[] {
  const whole = widthsPx.find((widthPx) => widthPx >= originalPx);
  return widthsPx.filter((widthPx) => widthPx < originalPx || widthPx === whole);
}

/** The row before the bytes. @returns false when somebody else has made it, or the media is gone */
async function store(ctx: Ctx, media: MediaModel, image: ResizedImage): Promise<boolean> {
  const { bytes, contentType, widthPx, heightPx } = image;
  const now = ctx.clock.now();
  const row = {
    id: newId(),
    mediaId: media.id,
    key: newId(),
    visibility: media.visibility,
    width: widthPx,
    height: heightPx,
    contentType,
    sizeBytes: bytes.length,
    createdAt: now,
  };
  try {
    await ctx.db.mediaVariant.create({ data: row });
  } catch (error) {
    if (isTakenOrOrphaned(error)) return false;
    throw error;
  }
  await ctx.objects.put(homeBucket(media), row.key, onlyPart(bytes), { contentType });
  const { count } = await ctx.db.mediaVariant.updateMany({
    where: { id: row.id },
    data: { readyAt: ctx.clock.now() },
  });
  if (count > 0) return true;
  // The row went while the bytes were on their way, perhaps after its outbox entry was done.
  await queueBytes(fromPrisma(ctx.db), {
    bucket: homeBucket(media),
    objectKey: row.key,
    sizeBytes: row.sizeBytes,
  });
  return false;
}

async function* onlyPart(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** P2002: the same copy is there. P2003: its media is not. */
function isTakenOrOrphaned(error: unknown): boolean {
  return (
    error instanceof Prisma.PrismaClientKnownRequestError &&
    (error.code === "P2002" || error.code === "P2003")
  );
}
