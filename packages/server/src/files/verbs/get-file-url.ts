import type { files } from "@fermata/contract";
import type { z } from "zod";
import { cleanFilename } from "../../bytes/clean-filename";
import type { UserContext } from "../../context";
import { fileUrl } from "../serving/file-url";
import { notScalable } from "../serving/image-variant";

/**
 * A URL for an `<img>` or a download; null for a file that is missing, not yet there, or somebody else's.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE for a width of what is no image that can be scaled
 */
export async function getFileUrl(
  ctx: UserContext,
  { storageId, filename, width }: z.output<typeof files.getUrl.input>,
): Promise<string | null> {
  const { userId } = ctx.identity;
  const file = await ctx.db.file.findFirst({
    where: { id: storageId, uploaderId: userId, status: "ready" },
    select: { width: true, contentType: true },
  });
  if (!file) return null;
  if (width && !file.width) throw notScalable(file);
  return fileUrl(ctx, {
    storageId,
    viewerId: userId,
    ...(filename && { filename: cleanFilename(filename) }),
    ...(width && { width }),
  });
}
