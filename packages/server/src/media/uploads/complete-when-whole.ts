import type { Media } from "@fermata/contract";
import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { CompletedPart } from "../../ports/object-store";
import { toMedia } from "../rows/to-media";
import { assembleParts } from "./assemble-parts";

/**
 * What `completeMultipartUpload` does, for a store that hears from the sender of a part that it may be the last one. It never
 * fails, since the part itself is there: its sender asks for the completion, and hears why there is none.
 */
export async function completeWhenWhole(
  ctx: Services & { origin: string },
  upload: { key: string; uploadId: string },
): Promise<Media | "missing" | "failed"> {
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
    return "failed";
  }
}

/** In order; none while one of them is missing. */
async function findAllParts(
  { pool }: Pick<Services, "pool">,
  { key, uploadId }: { key: string; uploadId: string },
): Promise<CompletedPart[]> {
  const { rows } = await pool.query<CompletedPart>(
    `SELECT p."partNumber", p."etag" FROM "Media" m JOIN "MediaPart" p ON p."mediaId" = m."id"
     WHERE m."key" = $1 AND m."uploadId" = $2 AND m."status" = 'pending'
       AND m."partCount" = (SELECT count(*) FROM "MediaPart" WHERE "mediaId" = m."id")
     ORDER BY p."partNumber"`,
    [key, uploadId],
  );
  return rows;
}
