import { createHash } from "node:crypto";
import { type ErrorCode, errorCodeSchema } from "@fermata/contract";
import { sampleBytes, sniffFacts } from "../../bytes/sniff-facts";
import type { Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import { fromPrisma } from "../../ground/transaction";
import { eraseSoon } from "../../outbox/empty-deletions";
import type { BucketName, ObjectInfo } from "../../ports/object-store";
import { finishByRule, RuleFailure } from "../../uploads/finish-by-rule";
import { announceMedia } from "../processing/announce-media";
import { processingKind } from "../processing/is-processed";
import { aborted } from "../rows/find-own-media";
import { refusalOf } from "./accepted-media";
import { isMadeOf, type ToldPart } from "./compare-parts";
import { homeBucket, landingBucket } from "./media-place";
import { isSearchedWhole, type Published, publishObject } from "./publish-object";
import { queueLateBytes } from "./queue-late-bytes";
import { queueMedia } from "./queue-media";

export type SettlingContext = Pick<
  Services,
  "db" | "pool" | "objects" | "workbench" | "clock" | "log" | "jobs" | "uploads" | "transaction"
>;

/**
 * Looks at the object behind a pending row, and makes the row ready or failed. Any number may do it at once, again, or in
 * place of one that died in between: each step is harmless when it is done already.
 * @param told of the parts that it was made of, in their order, where somebody asks for them to be compared
 * @returns the ready row; null when the object has not arrived
 * @throws AppError with the reason, once the row has failed and its bytes are deleted; NOT_FOUND when it is deleted
 */
export async function settleUpload(
  ctx: SettlingContext,
  media: MediaModel,
  told: ToldPart[] = [],
): Promise<MediaModel | null> {
  const { bucket, arrived, first } = await lookAt(ctx, media);
  if (!arrived) return null;
  const looked = { info: arrived, first, told };
  const { failure, signature } = await findFault(ctx, bucket, media, looked);
  if (failure) {
    const now = await ctx.db.media.findUnique({ where: { id: media.id } });
    // Another one may write what is public without a place right now: then the original tells.
    if (now?.keepsOriginal && !media.keepsOriginal) return settleUpload(ctx, now, told);
    return failUpload(ctx, media, failure);
  }
  const whole = first?.length === arrived.sizeBytes ? first : null;
  const info = await publishOrFail(ctx, media, arrived, { signature, whole });
  return info && finishUpload(ctx, media, info);
}

/**
 * Makes a pending row ready whose object was looked at and lies where it is read.
 * @throws AppError as `settleUpload` does
 */
export async function finishUpload(
  ctx: SettlingContext,
  media: MediaModel,
  info: Published,
): Promise<MediaModel> {
  const isProcessed = processingKind(media.contentType) !== null;
  const became = await becomeReady(ctx, media, info, isProcessed);
  const find = () => ctx.db.media.findUnique({ where: { id: media.id } });
  const announcing = { mediaId: media.id, userId: media.userId, round: 1 };
  const [after] = await Promise.all([
    find(),
    became && isProcessed ? announceMedia(ctx, announcing) : null,
  ]);
  if (after?.status === "ready") return after;
  // Ended meanwhile, perhaps before its bytes came to where they are read.
  const [bucket, notBefore] = [homeBucket(media), ctx.clock.now()];
  await queueMedia(fromPrisma(ctx.db), media, { bucket, notBefore });
  throw after ? failureOf(after) : new AppError("NOT_FOUND");
}

/** What arrived, and its first bytes: all of them where they are wanted. One request tells both, since a store takes its time. */
async function lookAt(ctx: SettlingContext, media: MediaModel) {
  const { key, keepsOriginal } = media;
  const landing = landingBucket(media);
  const bucket: BucketName = keepsOriginal ? "media-private" : landing;
  const end = isSearchedWhole(media) ? Math.max(sampleBytes, Number(media.sizeBytes)) : sampleBytes;
  const [landed, found] = await Promise.all([
    bucket === landing ? null : ctx.objects.head(landing, key),
    readFirst(ctx, { bucket, key }, end),
  ]);
  return { bucket, arrived: landed ?? found?.info ?? null, first: found?.first ?? null };
}

async function readFirst(
  { objects }: SettlingContext,
  { bucket, key }: { bucket: BucketName; key: string },
  end: number,
): Promise<{ info: ObjectInfo; first: Buffer | null } | null> {
  try {
    const found = await objects.get(bucket, key, { start: 0, end: end - 1 });
    if (!found) return null;
    const { body, ...info } = found;
    return { info, first: Buffer.from(await new Response(body).arrayBuffer()) };
  } catch (error) {
    // Where there are no bytes at all, none is the first.
    if (!(error instanceof AppError) || error.code !== "INVALID_INPUT") throw error;
    const info = await objects.head(bucket, key);
    return info && { info, first: null };
  }
}

async function publishOrFail(
  ctx: SettlingContext,
  media: MediaModel,
  arrived: ObjectInfo,
  looked: { signature: string | null; whole: Buffer | null },
): Promise<Published | null> {
  try {
    return await publishObject(ctx, media, arrived, looked);
  } catch (error) {
    const isLasting = error instanceof AppError && error.code === "UNSUPPORTED_MEDIA_TYPE";
    if (!isLasting) throw error;
    await failUpload(ctx, media, error);
    return null;
  }
}

/**
 * The step from pending to ready, and with it what the app's rule does.
 * @throws AppError the rule's reason, once the row has failed by it
 */
async function becomeReady(
  ctx: SettlingContext,
  media: MediaModel,
  { sizeBytes, etag, md5, keepsOriginal, hasLanded }: Published,
  isProcessed: boolean,
): Promise<boolean> {
  const [landing, home] = [landingBucket(media), homeBucket(media)];
  const { rule } = media;
  try {
    const ready = await ctx.transaction({
      ours: async (tx) => {
        const { rows } = await tx.query<{ id: string }>(
          `WITH became AS (UPDATE "Media" SET "status" = 'ready', "readyAt" = $2, "sizeBytes" = $3, "reservedBytes" = $3, "etag" = $4,
             "uploadId" = NULL, "keepsOriginal" = $6, "md5" = COALESCE("md5", $7), "placeSearched" = true, "processing" = CASE WHEN $5::boolean THEN 'processing'::"MediaProcessing" END,
             "processingRound" = $5::boolean::int, "processingChangedAt" = CASE WHEN $5::boolean THEN $2::timestamptz END
           WHERE "id" = $1 AND "status" = 'pending' RETURNING "id"),
           parts AS (DELETE FROM "MediaPart" WHERE "mediaId" IN (SELECT "id" FROM became))
           SELECT "id" FROM became`,
          [media.id, ctx.clock.now(), sizeBytes, etag, isProcessed, keepsOriginal, md5 ?? null],
        );
        if (rows.length === 0) return null;
        // What landed stays until its grant is over: as long as the key is taken, the grant cannot be used a second time.
        // An original that is kept stays with its row.
        if (hasLanded && landing !== home && !keepsOriginal)
          await queueMedia(tx, media, { bucket: landing, notBefore: media.expiresAt });
        return media;
      },
      theirs: async (tx, { key, filename, contentType, userId, ruleInput }) => {
        if (rule === null) return;
        const file = { storageId: key, filename, contentType, sizeBytes, sha256: null };
        const granted = { rule, input: ruleInput };
        await finishByRule(ctx, tx, granted, { ...file, uploaderId: userId });
      },
    });
    return ready !== null;
  } catch (error) {
    if (!(error instanceof RuleFailure)) throw error;
    await failUpload(ctx, media, error.reason);
    return false;
  }
}

async function findFault(
  ctx: SettlingContext,
  bucket: BucketName,
  media: MediaModel,
  { info, first, told }: { info: ObjectInfo; first: Buffer | null; told: ToldPart[] },
): Promise<{ failure: AppError | null; signature: string | null }> {
  const { sizeBytes } = info;
  const expectedBytes = media.sizeBytes === null ? null : Number(media.sizeBytes);
  const limitBytes = expectedBytes ?? Number(media.reservedBytes);
  const fails = (failure: AppError) => ({ failure, signature: null });
  if (sizeBytes > limitBytes)
    return fails(new AppError("PAYLOAD_TOO_LARGE", { sizeBytes, limitBytes }));
  if (sizeBytes < (expectedBytes ?? 1)) {
    return fails(
      new AppError("UPLOAD_INCOMPLETE", { sizeBytes, expectedBytes: expectedBytes ?? 1 }),
    );
  }
  if (!first) return { failure: null, signature: null };
  const isDamaged =
    (media.md5 && !(await hasMd5(ctx, bucket, media, info))) ||
    (told.some(({ md5 }) => md5) && !(await isMadeOf(ctx, bucket, media, info, told)));
  if (isDamaged) {
    return fails(new AppError("CHECKSUM_MISMATCH", { algorithm: "md5" }));
  }
  const facts = await sniffFacts(first.subarray(0, sampleBytes));
  return { failure: refusalOf(media, facts), signature: facts.signature };
}

/** An ETag is the MD5 of what was put whole, but not where a store encrypts with keys of its own: then the bytes tell. */
async function hasMd5(
  ctx: SettlingContext,
  bucket: BucketName,
  { key, md5 }: MediaModel,
  { etag }: ObjectInfo,
): Promise<boolean> {
  if (etag === `"${Buffer.from(md5 ?? "", "base64").toString("hex")}"`) return true;
  const object = await ctx.objects.get(bucket, key);
  if (!object) return false;
  const hash = createHash("md5");
  for await (const chunk of object.body) hash.update(chunk);
  return hash.digest("base64") === md5;
}

export async function failUpload(
  ctx: SettlingContext,
  media: MediaModel,
  failure: AppError,
): Promise<MediaModel> {
  const now = ctx.clock.now();
  const became = await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.media.updateMany({
      where: { id: media.id, status: "pending" },
      data: { status: "failed", failure: failure.code, reservedBytes: 0 },
    });
    if (count > 0) {
      await queueMedia(fromPrisma(tx), media, { bucket: homeBucket(media), notBefore: now });
      await queueLateBytes(ctx, fromPrisma(tx), media);
    }
    return count > 0;
  });
  const after = became ? null : await ctx.db.media.findUnique({ where: { id: media.id } });
  if (after?.status === "ready") return after;
  await eraseSoon(ctx, media.key);
  throw failure;
}

/** Why a failed row failed. */
export function failureOf({ failure }: Pick<MediaModel, "failure">): AppError {
  if (failure === aborted) return new AppError("CONFLICT", { reason: "the upload was aborted" });
  const code: ErrorCode = errorCodeSchema.catch("CONFLICT").parse(failure);
  // As whoever lost the answer to the call that failed it would have heard.
  const algorithm = code === "CHECKSUM_MISMATCH" && "md5";
  return new AppError(code, {
    reason: "the upload failed; start another",
    ...(algorithm && { algorithm }),
  });
}
