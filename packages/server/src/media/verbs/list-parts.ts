import { checksumInEtag } from "../../bytes/digest-headers";
import type { UserContext } from "../../context";
import { findOwnMedia } from "../rows/find-own-media";

/**
 * The parts that are known to have arrived, in order: what a resumed upload need not send again.
 * @throws AppError NOT_FOUND
 */
export async function listParts(ctx: UserContext, { key }: { key: string }) {
  const media = await findOwnMedia(ctx, key);
  const rows = await ctx.db.mediaPart.findMany({
    where: { mediaId: media.id },
    orderBy: { partNumber: "asc" },
  });
  return {
    parts: rows.map(({ partNumber, sizeBytes, etag, md5 }) => ({
      partNumber,
      sizeBytes: Number(sizeBytes),
      etag,
      ...(md5 !== null ? { md5 } : ofStore(ctx, etag)),
    })),
  };
}

/** Elsewhere an ETag of the same length may be anything. */
function ofStore({ objects }: UserContext, etag: string): { sha256?: string } {
  const { sha256 } = objects.partChecksum === "sha256" ? checksumInEtag(etag) : {};
  return sha256 ? { sha256 } : {};
}
