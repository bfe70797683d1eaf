import type { FileMetadata, PageInput } from "@fermata/contract";
import type { UserContext } from "../context";
import { afterCursor, decodeCursor, newestFirst, toPage } from "../paging";
import { ownersOf } from "./file-owners";
import { fileUrl } from "./file-url";
import { toMetadata } from "./to-metadata";

/** The caller's ready files, newest first, each with a URL that shows it. */
export async function listFiles(
  ctx: UserContext,
  input: PageInput,
): Promise<{ items: (FileMetadata & { url: string })[]; nextCursor: string | null }> {
  const { userId } = ctx.identity;
  const rows = await ctx.db.file.findMany({
    where: { uploaderId: userId, status: "ready", ...afterCursor(decodeCursor(input.cursor)) },
    orderBy: newestFirst,
    take: input.limit + 1,
  });
  const { items, nextCursor } = toPage(rows, input.limit);
  const owners = await ownersOf(
    ctx.db,
    items.map((file) => file.id),
  );
  return {
    items: items.map((file) => ({
      ...toMetadata(file, owners.get(file.id)),
      url: fileUrl(ctx, { storageId: file.id, viewerId: userId }),
    })),
    nextCursor,
  };
}
