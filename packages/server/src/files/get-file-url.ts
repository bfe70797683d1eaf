import { cleanFilename } from "../bytes/clean-filename";
import type { UserContext } from "../context";
import { fileUrl } from "./file-url";

/** A URL for an `<img>` or a download; null for a file that is missing, not yet there, or somebody else's. */
export async function getFileUrl(
  ctx: UserContext,
  { storageId, filename }: { storageId: string; filename?: string | undefined },
): Promise<string | null> {
  const { userId } = ctx.identity;
  const file = await ctx.db.file.findFirst({
    where: { id: storageId, uploaderId: userId, status: "ready" },
    select: { id: true },
  });
  if (!file) return null;
  const named = filename && { filename: cleanFilename(filename) };
  return fileUrl(ctx, { storageId, viewerId: userId, ...named });
}
