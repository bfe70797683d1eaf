import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { CompleteWithLast } from "../../ports/object-endpoint";
import type { CompletedPart } from "../../ports/object-store";
import { toMedia } from "../rows/to-media";
import { assembleParts } from "./assemble-parts";

/**
 * What `completeMultipartUpload` does, for a store that hears from the sender of a part that it may be the last one. It never
 * throws, since the part itself is there: its sender is told why the upload may not become media, and asks for the completion
 * where another time may help.
 */
export async function completeWhenWhole(
  ctx: Services & { origin: string },
  upload: { key: string; uploadId: string },
): Promise<Awaited<ReturnType<CompleteWithLast>>> {
  const { key } = upload;
  try {
    const [parts, media] = await Promise.all([
      findAllParts(ctx, upload),
      ctx.db.media.findUnique({ where: { key } }),
    ]);
    if (parts.length === 0 || media?.uploadId !== upload.uploadId) return "missing";
    return toMedia(ctx, await assembleParts(ctx, media, parts));
  } catch (err) {
    const level = err instanceof AppError ? "debug" : "warn";
    ctx.log[level]({ err, key }, "an upload was not completed with its last part");
    return err instanceof AppError && (await hasFailedBy(ctx, key, err)) ? err : "failed";
  }
}

/** A row keeps the code of its failure and none of its words: they are for whoever sent what it fails by. */
async function hasFailedBy(ctx: Services, key: string, { code }: AppError): Promise<boolean> {
  try {
    const row = await ctx.db.media.findUnique({ where: { key }, select: { failure: true } });
    return row?.failure === code && code !== "INTERNAL";
  } catch (err) {
    ctx.log.warn({ err, key }, "it could not be looked at why an upload failed");
    return false;
  }
}

/**
 * In order; none while one of them is missing, nor where another session has taken the upload up: what is here may be parts
 * of two files then, and only who names the parts knows which are its own.
 */
async function findAllParts(
  { pool }: Pick<Services, "pool">,
  { key, uploadId }: { key: string; uploadId: string },
): Promise<CompletedPart[]> {
  const { rows } = await pool.query<CompletedPart>(
    `SELECT p."partNumber", p."etag" FROM "Media" m JOIN "MediaPart" p ON p."mediaId" = m."id"
     WHERE m."key" = $1 AND m."uploadId" = $2 AND m."status" = 'pending' AND NOT m."takenUp"
       AND m."partCount" = (SELECT count(*) FROM "MediaPart" WHERE "mediaId" = m."id")
     ORDER BY p."partNumber"`,
    [key, uploadId],
  );
  return rows;
}
