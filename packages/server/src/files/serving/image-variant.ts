import { limits } from "@fermata/contract";
import type { Services } from "../../context";
import { Prisma } from "../../generated/prisma/client";
import { AppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import type { ResizedImage } from "../../images/resize-image";
import type { ByteRange } from "../../ports/object-store";
import { abandonBytes } from "../receiving/claim-upload";
import type { ReadableFile } from "./find-readable";
import { readObject } from "./read-object";

type Ctx = Pick<Services, "db" | "pool" | "objects" | "workbench" | "clock" | "log">;

/** A smaller copy of an image, as it is served. */
export interface ImageVariant {
  /** The width on the list that it is kept under. */
  width: number;
  sizeBytes: number;
  contentType: string;
  open(range?: ByteRange): Promise<ReadableStream<Uint8Array> | null>;
}

/** What making one may take. */
const claimSeconds = 120;

/** Those being made in this process, by file and width: whoever asks meanwhile waits for the same. */
const making = new Map<string, Promise<ImageVariant>>();

/**
 * The image scaled down to a listed width, made when it is first asked for and kept until the file goes.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE for what is no image that can be decoded, NOT_FOUND when the file goes meanwhile
 */
export async function findVariant(
  ctx: Ctx,
  file: ReadableFile,
  wantedWidth: number,
): Promise<ImageVariant> {
  const width = effectiveWidth(file, wantedWidth);
  const kept = await ctx.db.fileVariant.findUnique({
    where: { fileId_width: { fileId: file.id, width }, readyAt: { not: null } },
  });
  if (kept) {
    const { objectKey, sizeBytes, contentType } = kept;
    const open = async (range?: ByteRange) =>
      (await ctx.objects.get("files", objectKey, range))?.body ?? null;
    return { width, sizeBytes, contentType, open };
  }
  const name = `${file.id} ${width}`;
  const begun = making.get(name);
  if (begun) return begun;
  const made = makeVariant(ctx, file, width).finally(() => making.delete(name));
  making.set(name, made);
  return made;
}

/** Forgets a kept variant whose bytes are gone from the store, so that the next look makes it anew. */
export async function forgetVariant(ctx: Ctx, file: ReadableFile, width: number): Promise<void> {
  await ctx.db.fileVariant.deleteMany({ where: { fileId: file.id, width } });
}

/** Nothing is enlarged, so one copy does for every width above the image's own. */
function effectiveWidth(file: ReadableFile, wanted: number): number {
  const own = file.width;
  if (own === null) throw notScalable(file);
  const enough = limits.files.imageWidths.find((width) => width >= own);
  return Math.min(wanted, enough ?? wanted);
}

export function notScalable({ contentType }: Pick<ReadableFile, "contentType">): AppError {
  const details = { contentType, reason: "not an image that can be scaled" };
  return new AppError("UNSUPPORTED_MEDIA_TYPE", details);
}

async function makeVariant(ctx: Ctx, file: ReadableFile, width: number): Promise<ImageVariant> {
  const objectKey = await claim(ctx, file.id, width);
  const scaled = await ctx.workbench
    .resizeImage(() => readObject(ctx, file.objectKey), {
      widthPx: width,
      format: "webp",
      maxPixels: limits.files.maxImagePixels,
      urgency: "person",
      whose: file.uploaderId,
    })
    .catch(async (error: unknown) => {
      if (objectKey) await ctx.db.fileVariant.deleteMany({ where: { objectKey } });
      throw error;
    });
  if (objectKey) await keep(ctx, objectKey, scaled);
  const { bytes, contentType } = scaled;
  return {
    width,
    sizeBytes: bytes.byteLength,
    contentType,
    open: async (range) => part(bytes, range),
  };
}

/**
 * Writes the row before the bytes.
 * @returns null where another process is about it: this one serves what it makes, and keeps it not
 */
async function claim(ctx: Ctx, fileId: string, width: number): Promise<string | null> {
  const now = ctx.clock.now();
  // Of a maker that died. The trigger hands its bytes to the outbox, should there be any.
  await ctx.db.fileVariant.deleteMany({
    where: { fileId, width, readyAt: null, claimExpiresAt: { lte: now } },
  });
  const objectKey = newId();
  try {
    const { count } = await ctx.db.fileVariant.createMany({
      data: {
        fileId,
        width,
        objectKey,
        contentType: "image/webp",
        createdAt: now,
        claimExpiresAt: new Date(now.getTime() + claimSeconds * 1000),
      },
      skipDuplicates: true,
    });
    return count === 1 ? objectKey : null;
  } catch (error) {
    const isGone = error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003";
    throw isGone ? new AppError("NOT_FOUND") : error;
  }
}

async function keep(ctx: Ctx, objectKey: string, { bytes, contentType }: ResizedImage) {
  await ctx.objects.put("files", objectKey, bytes, { contentType });
  const { count } = await ctx.db.fileVariant.updateMany({
    where: { objectKey, readyAt: null },
    data: { sizeBytes: bytes.byteLength, readyAt: ctx.clock.now() },
  });
  if (count === 1) return;
  await abandonBytes(ctx, objectKey);
  throw new AppError("NOT_FOUND");
}

function part(bytes: Uint8Array<ArrayBuffer>, range?: ByteRange): ReadableStream<Uint8Array> {
  const wanted = range ? bytes.subarray(range.start, range.end + 1) : bytes;
  return new Blob([wanted]).stream();
}
