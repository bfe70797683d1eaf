import type { storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { homeBucket } from "../uploads/media-place";

/** A page of everybody's rows in the order of their ids: each row that was there from the first page to the last comes once. */
export async function exportMedia(
  ctx: UserContext,
  { limit, cursor }: z.output<typeof storage.export.input>,
): Promise<z.output<typeof storage.export.output>> {
  const [rows, total] = await Promise.all([
    ctx.db.media.findMany({
      where: cursor ? { id: { gt: cursor } } : {},
      orderBy: { id: "asc" },
      take: limit + 1,
    }),
    cursor ? null : ctx.db.media.count(),
  ]);
  const people = await ctx.describeUsers([...new Set(rows.map(({ userId }) => userId))]);
  const items = rows.slice(0, limit).map((row) => ({
    key: row.key,
    bucket: homeBucket(row),
    userId: row.userId,
    userEmail: people.get(row.userId)?.email ?? "",
    filename: row.filename,
    contentType: row.contentType,
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    status: row.status,
    visibility: row.visibility,
    etag: row.etag,
    failure: row.failure,
    createdAt: row.createdAt.toISOString(),
    readyAt: row.readyAt?.toISOString() ?? null,
    width: row.width,
    height: row.height,
    durationSeconds: row.durationSeconds,
    publicUrl:
      row.status === "ready" && row.visibility === "public"
        ? ctx.objects.publicUrl(row.key, ctx.origin)
        : null,
  }));
  const nextCursor = rows.length > limit ? (rows[limit - 1]?.id ?? null) : null;
  return { items, total, nextCursor };
}
