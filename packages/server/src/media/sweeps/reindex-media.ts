import type { storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import type { ObjectInfo } from "../../ports/object-store";
import { homeBucket } from "../uploads/media-place";

type Finding = z.output<typeof storage.reindex.output>["findings"][number];

const atOnce = 8;

/**
 * Compares a page of ready rows with what the store says of their objects. With `mend` a row takes over the size, type
 * and ETag of an object that is there. A row whose object is missing stays as it is: a store that answers wrongly must
 * not cost anybody a row.
 * @throws AppError UPSTREAM_UNAVAILABLE when the store does not answer
 */
export async function reindexMedia(
  ctx: UserContext,
  { limit, cursor, mend }: z.output<typeof storage.reindex.input>,
): Promise<z.output<typeof storage.reindex.output>> {
  const [rows, total] = await Promise.all([
    ctx.db.media.findMany({
      where: { status: "ready", ...(cursor && { id: { gt: cursor } }) },
      orderBy: { id: "asc" },
      take: limit + 1,
    }),
    cursor ? null : ctx.db.media.count({ where: { status: "ready" } }),
  ]);
  const page = rows.slice(0, limit);
  const findings: Finding[] = [];
  const queue = [...page];
  const worker = async () => {
    for (let row = queue.shift(); row; row = queue.shift()) {
      const finding = await compare(ctx, row, mend);
      if (finding) findings.push(finding);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const nextCursor = rows.length > limit ? (page.at(-1)?.id ?? null) : null;
  return { seen: page.length, total, findings, nextCursor };
}

async function compare(ctx: UserContext, row: MediaModel, mend: boolean): Promise<Finding | null> {
  const bucket = homeBucket(row);
  const stored = await ctx.objects.head(bucket, row.key);
  if (stored && agrees(row, stored)) return null;
  const problem: Finding["problem"] = stored ? "differs" : "missing";
  const mended = mend && stored ? await takeOver(ctx, row, stored) : false;
  // Whoever deleted it meanwhile took both.
  if (!mended && !(await isStillThere(ctx, row))) return null;
  const { key, filename, contentType, etag } = row;
  return {
    key,
    bucket,
    filename,
    problem,
    row: { sizeBytes: Number(row.sizeBytes ?? 0), contentType, etag },
    stored,
    mended,
  };
}

function agrees(row: MediaModel, { sizeBytes, contentType, etag }: ObjectInfo): boolean {
  const isSameSize = row.sizeBytes !== null && Number(row.sizeBytes) === sizeBytes;
  return isSameSize && row.contentType === contentType && row.etag === etag;
}

async function takeOver(ctx: UserContext, row: MediaModel, stored: ObjectInfo): Promise<boolean> {
  const { sizeBytes, contentType, etag } = stored;
  const { count } = await ctx.db.media.updateMany({
    where: { id: row.id, status: "ready", etag: row.etag },
    data: { sizeBytes, reservedBytes: sizeBytes, contentType, etag },
  });
  return count === 1;
}

async function isStillThere(ctx: UserContext, { id }: MediaModel): Promise<boolean> {
  return (await ctx.db.media.count({ where: { id, status: "ready" } })) === 1;
}
