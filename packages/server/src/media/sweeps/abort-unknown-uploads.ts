import type { JobContext } from "../../context";
import type { BucketName } from "../../ports/object-store";
import { bucketNames, isOwnForm } from "../owner/known-keys";

const pageUploads = 1000;

/**
 * Aborts uploads in parts that are open in the store and that no row names, such as one whose beginning succeeded while the
 * answer was lost. Their parts are paid for, and no list of objects shows them. @returns how many
 */
export async function abortUnknownUploads(ctx: JobContext, before: Date): Promise<number> {
  let aborted = 0;
  for (const bucket of bucketNames) {
    let cursor: string | undefined;
    do {
      const page = await ctx.objects.listMultipartUploads(bucket, {
        limit: pageUploads,
        ...(cursor && { cursor }),
      });
      if (page === null) break;
      const old = page.items.filter(({ key, startedAt }) => isOwnForm(key) && startedAt < before);
      for (const { key, uploadId } of await unknown(ctx, old)) {
        if (ctx.signal.aborted) return aborted;
        await abort(ctx, { bucket, key, uploadId });
        aborted++;
      }
      cursor = page.nextCursor ?? undefined;
    } while (cursor && !ctx.signal.aborted);
  }
  return aborted;
}

/** Neither a row's, nor one that the outbox aborts. */
async function unknown<Upload extends { uploadId: string }>(
  { pool }: JobContext,
  uploads: Upload[],
): Promise<Upload[]> {
  if (uploads.length === 0) return [];
  const { rows } = await pool.query<{ uploadId: string }>(
    `SELECT "uploadId" FROM "Media" WHERE "uploadId" = ANY($1) AND "status" = 'pending'
     UNION SELECT "uploadId" FROM "Deletion" WHERE "uploadId" = ANY($1) AND "deletedAt" IS NULL`,
    [uploads.map(({ uploadId }) => uploadId)],
  );
  const known = new Set(rows.map(({ uploadId }) => uploadId));
  return uploads.filter(({ uploadId }) => !known.has(uploadId));
}

async function abort(
  { objects, log }: JobContext,
  { bucket, key, uploadId }: { bucket: BucketName; key: string; uploadId: string },
): Promise<void> {
  log.info({ bucket, key, uploadId }, "an upload in parts that no row names is aborted");
  await objects.abortMultipartUpload(bucket, key, uploadId);
}
