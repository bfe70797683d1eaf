import type { BytePatch } from "../../bytes/byte-patches";
import { normalizeType } from "../../bytes/content-types";
import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import { mayTellPlace } from "../../images/may-tell-place";
import type { BucketName, ObjectInfo } from "../../ports/object-store";
import type { Turn } from "../../ports/workbench";
import { ReaderDied } from "../../workbench/reader-died";
import { withDownload, withFile } from "../processing/download";
import { readRanges } from "../processing/read-ranges";
import { homeBucket, landingBucket } from "./media-place";

type Ctx = Pick<Services, "db" | "objects" | "workbench">;

/** A picture lies on this machine's disk while it is looked at. */
const maxPictureBytes = 256 * 1024 * 1024;
/** So much is searched here: most pictures say nothing, and need no reader. */
const maxSearchedBytes = 32 * 1024 * 1024;

/** Whether all of it is searched for a place before it becomes public, and so may as well be read at once. */
export function isSearchedWhole({ contentType, visibility, sizeBytes }: MediaModel): boolean {
  if (visibility !== "public" || !isPicture(contentType)) return false;
  return sizeBytes !== null && sizeBytes <= maxSearchedBytes;
}

function isPicture(contentType: string): boolean {
  const type = normalizeType(contentType);
  return type.startsWith("image/") && type !== "image/svg+xml";
}

export interface Published extends Pick<ObjectInfo, "sizeBytes" | "etag"> {
  keepsOriginal: boolean;
  /** Whether something lies where its bytes arrived. */
  hasLanded: boolean;
  /** Of what arrived, in base64, where that is known. */
  md5?: string;
}

/**
 * Brings an object that arrived to where it is read. What the public can read says nothing of a place: where the original
 * does, it stays in the private bucket, and what becomes public is a copy of as many bytes without it.
 * @param looked.signature what the bytes are by it; null where that is not known
 * @param looked.whole all of them, where they were read already
 * @returns null when the object has gone meanwhile
 * @throws AppError UNSUPPORTED_MEDIA_TYPE where a place can be seen and not removed: then nothing may become public
 */
export async function publishObject(
  ctx: Ctx,
  media: MediaModel,
  info: ObjectInfo,
  { signature, whole }: { signature: string | null; whole: Buffer | null },
): Promise<Published | null> {
  const { objects } = ctx;
  const { key } = media;
  const [landing, home] = [landingBucket(media), homeBucket(media)];
  if (home !== "media-public") return { ...info, keepsOriginal: false, hasLanded: true };
  // An attempt that died may have replaced what is public: then the original tells.
  const isKept = media.keepsOriginal && (await objects.head("media-private", key)) !== null;
  const from = isKept ? "media-private" : landing;
  const patches = await findPlaces(ctx, { bucket: from, key }, info.sizeBytes, {
    types: [media.contentType, signature ?? ""],
    turn: { urgency: "person", whose: media.userId },
    whole: from === landing ? whole : null,
  });
  if (!patches) {
    const isThere = landing === home || (await objects.copy(landing, home, key));
    return isThere ? { ...info, keepsOriginal: false, hasLanded: true } : null;
  }
  await sayOriginalIsKept(ctx, media);
  if (from === home && !(await objects.copy(home, "media-private", key))) return null;
  return publishPatched(ctx, media, patches);
}

/** Makes public a copy of what lies in the private bucket, with other bytes in some places. @returns null when it has gone */
export async function publishPatched(
  ctx: Pick<Ctx, "objects">,
  media: MediaModel,
  patches: BytePatch[],
): Promise<Published | null> {
  const copied = await ctx.objects.copyPatched(
    "media-private",
    homeBucket(media),
    media.key,
    patches,
  );
  return copied && { ...copied, keepsOriginal: true, hasLanded: true };
}

/** Before the bytes: whoever takes this up must know where the original is. */
export async function sayOriginalIsKept(ctx: Pick<Ctx, "db">, media: MediaModel): Promise<void> {
  await ctx.db.media.updateMany({
    where: { id: media.id, status: "pending" },
    data: { keepsOriginal: true },
  });
}

/**
 * What to write into a copy so that it says nothing of a place.
 * @param said.types what it was called, and what its bytes are
 * @param said.whole its bytes, where they were read already
 * @returns null where it says nothing of one
 * @throws AppError UNSUPPORTED_MEDIA_TYPE where a place can be seen and not removed
 */
export async function findPlaces(
  ctx: Pick<Ctx, "objects" | "workbench">,
  place: { bucket: BucketName; key: string },
  sizeBytes: number,
  { types, turn, whole = null }: { types: string[]; turn: Turn; whole?: Buffer | null },
): Promise<BytePatch[] | null> {
  try {
    if (types.some(isPicture)) return await findInPicture(ctx, place, sizeBytes, { turn, whole });
    if (!types.some((type) => mp4Family.test(normalizeType(type)))) return null;
    return await ctx.workbench.clipLocation({ sizeBytes, read: readRanges(ctx, place) }, turn);
  } catch (error) {
    // Content that ends its reader ends the next one, too.
    if (!(error instanceof ReaderDied)) throw error;
    throw untellable("it cannot be searched for the place where it was taken");
  }
}

const mp4Family =
  /^(video|audio)\/(x-)?(mp4|m4[avbp]|quicktime|3gpp2?|mj2)$|^application\/(mp4|quicktime)$/;

async function findInPicture(
  ctx: Pick<Ctx, "objects" | "workbench">,
  place: { bucket: BucketName; key: string },
  sizeBytes: number,
  { turn, whole }: { turn: Turn; whole: Buffer | null },
): Promise<BytePatch[] | null> {
  if (sizeBytes > maxPictureBytes) {
    throw untellable("it is too large to be searched for the place where it was taken");
  }
  const locate = (path: string) => ctx.workbench.pictureLocation(path, turn);
  if (sizeBytes > maxSearchedBytes) return withDownload(ctx, place, locate);
  const isRead = whole?.length === sizeBytes;
  const bytes = isRead ? whole : Buffer.from(await readRanges(ctx, place)(0, sizeBytes));
  return mayTellPlace(bytes) ? withFile(bytes, locate) : null;
}

function untellable(why: string): AppError {
  const reason = `${why}; upload it as private, or without one`;
  return new AppError("UNSUPPORTED_MEDIA_TYPE", { reason });
}
