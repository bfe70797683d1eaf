import type { storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";

/** What sweeps found without a row, bucket by bucket. */
export async function listStrays(
  ctx: UserContext,
  { limit, cursor }: z.output<typeof storage.strays.input>,
): Promise<z.input<typeof storage.strays.output>> {
  const [bucket = "", objectKey = ""] = cursor?.split("/") ?? [];
  const rows = await ctx.db.stray.findMany({
    orderBy: [{ bucket: "asc" }, { objectKey: "asc" }],
    take: limit + 1,
    ...(cursor && { cursor: { bucket_objectKey: { bucket, objectKey } } }),
  });
  const items = rows.slice(0, limit).map((row) => ({
    bucket: row.bucket,
    key: row.objectKey,
    sizeBytes: Number(row.sizeBytes),
    modifiedAt: row.modifiedAt.toISOString(),
    firstSeenAt: row.firstSeenAt.toISOString(),
    reason: row.reason,
    decision: row.decision,
  }));
  const next = rows[limit];
  return { items, nextCursor: next ? `${next.bucket}/${next.objectKey}` : null };
}
