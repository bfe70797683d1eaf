import { limits } from "@fermata/contract";
import { sampleBytes, sniffFacts } from "../../bytes/sniff-facts";
import type { JobContext, Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import { fromPrisma } from "../../ground/transaction";
import { queueBytes } from "../../outbox/queue-bytes";
import { findPlaces } from "../uploads/publish-object";

const pageRows = 100;

interface Outcome {
  /** Public media that were looked at. */
  seen: number;
  /** Those whose public bytes are now a copy without a place. */
  stripped: number;
  /** Those of which nobody can say or remove it. The log names them. */
  left: number;
}

/**
 * Looks once at each of the public media of releases that did not: where one says in which place it was taken, its original
 * becomes private, and what is public a copy without it, under the same key. It can end anywhere and begin again.
 * @throws the first failure that may pass, once all the others were looked at: the next run tries those again
 */
export async function stripPublicPlaces(ctx: JobContext): Promise<Outcome> {
  const outcome = { seen: 0, stripped: 0, left: 0 };
  const failures: unknown[] = [];
  let after = "";
  for (let found = pageRows; found === pageRows; ) {
    const rows = await ctx.db.media.findMany({
      where: { ...unsearched, id: { gt: after } },
      orderBy: { id: "asc" },
      take: pageRows,
    });
    found = rows.length;
    after = rows.at(-1)?.id ?? after;
    for (const media of rows) {
      if (ctx.signal.aborted) return outcome;
      try {
        const became = await strip(ctx, media);
        outcome.seen++;
        if (became) outcome[became]++;
      } catch (error) {
        failures.push(error);
      }
    }
  }
  if (failures.length > 0) throw failures[0];
  return outcome;
}

/** Now, while there are any; else null. */
export async function nextUnsearchedAt({
  db,
  clock,
}: Pick<Services, "db" | "clock">): Promise<Date | null> {
  const one = await db.media.findFirst({ where: unsearched, select: { id: true } });
  return one && clock.now();
}

const unsearched = { status: "ready", visibility: "public", placeSearched: false } as const;

async function strip(ctx: JobContext, media: MediaModel): Promise<"stripped" | "left" | null> {
  const { id, key } = media;
  try {
    const etag = await republish(ctx, media);
    await ctx.db.media.updateMany({
      where: { id },
      data: { placeSearched: true, ...(etag && { etag }) },
    });
    return etag ? "stripped" : null;
  } catch (err) {
    if (!(err instanceof AppError && err.code === "UNSUPPORTED_MEDIA_TYPE")) throw err;
    ctx.log.warn({ err, mediaId: id, key }, "public media may say where they were taken");
    await ctx.db.media.updateMany({ where: { id }, data: { placeSearched: true } });
    return "left";
  }
}

/** @returns the new public copy's tag; null where what is public says no place */
async function republish(ctx: JobContext, media: MediaModel): Promise<string | null> {
  const { objects } = ctx;
  const { id, key, contentType } = media;
  // Of an attempt that died after the original was safe: what is public may be stripped already, or not.
  const isKept = media.keepsOriginal && (await objects.head("media-private", key)) !== null;
  const from = isKept ? "media-private" : "media-public";
  const first = await objects.get(from, key, { start: 0, end: sampleBytes - 1 });
  const info = first && (await objects.head(from, key));
  // Its bytes are gone: another job says so.
  if (!info) return null;
  const sample = new Uint8Array(await new Response(first.body).arrayBuffer());
  const { signature } = await sniffFacts(sample);
  const patches = await findPlaces(ctx, { bucket: from, key }, info.sizeBytes, {
    types: [contentType, signature ?? ""],
    turn: { urgency: "background", whose: media.userId },
  });
  if (!patches) return null;
  if (!isKept) {
    if (info.sizeBytes > limits.storage.maxSinglePutBytes) throw tooLarge();
    await requireNoDeletion(ctx, key);
    if (!(await objects.copy("media-public", "media-private", key))) return null;
    // After the copy, so that its owner always finds an original; before the public bytes change.
    const { count } = await ctx.db.media.updateMany({
      where: { id },
      data: { keepsOriginal: true },
    });
    if (count === 0) {
      await queueBytes(fromPrisma(ctx.db), {
        bucket: "media-private",
        objectKey: key,
        sizeBytes: info.sizeBytes,
      });
      return null;
    }
  }
  const copied = await objects.copyPatched("media-private", "media-public", key, patches);
  return copied?.etag ?? null;
}

/** Where an upload landed, its bytes stay until its grant is over. An original that is put there now would go with them. */
async function requireNoDeletion({ db }: JobContext, objectKey: string): Promise<void> {
  const waiting = await db.deletion.findFirst({
    where: { bucket: "media-private", objectKey, deletedAt: null },
  });
  if (waiting)
    throw new AppError("CONFLICT", { reason: "what landed there is still to be deleted" });
}

/** Stores copy no more than that in one go. */
function tooLarge(): AppError {
  return new AppError("UNSUPPORTED_MEDIA_TYPE", { reason: "it is too large to be copied" });
}
