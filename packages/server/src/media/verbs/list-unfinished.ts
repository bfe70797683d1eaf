import type { storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { attemptPrefix } from "../rows/find-attempt";

/** More than anybody has open at once; the rest shows up as these are finished. */
const mostUploads = 200;

/** The caller's open uploads that the same file continues, newest first, each with what the store has of it. */
export async function listUnfinished(
  ctx: UserContext,
): Promise<z.input<typeof storage.listUnfinished.output>> {
  const rows = await ctx.db.media.findMany({
    where: {
      userId: ctx.identity.userId,
      status: "pending",
      OR: [
        { uploadId: { not: null } },
        {
          partCount: null,
          fingerprint: { not: null },
          NOT: { fingerprint: { startsWith: attemptPrefix } },
        },
      ],
      expiresAt: { gt: ctx.clock.now() },
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: mostUploads,
  });
  const sums = await ctx.db.mediaPart.groupBy({
    by: ["mediaId"],
    where: { mediaId: { in: rows.map(({ id }) => id) } },
    _sum: { sizeBytes: true },
  });
  const bytesOf = new Map(sums.map(({ mediaId, _sum }) => [mediaId, Number(_sum.sizeBytes ?? 0)]));
  return {
    items: rows.map((media) => ({
      key: media.key,
      filename: media.filename,
      contentType: media.contentType,
      sizeBytes: Number(media.sizeBytes ?? 0),
      visibility: media.visibility,
      uploadedBytes: bytesOf.get(media.id) ?? 0,
      fingerprint: media.fingerprint,
      createdAt: media.createdAt.toISOString(),
      expiresAt: media.expiresAt.toISOString(),
    })),
  };
}
