import type { ImportedFile, imports } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../context";
import { afterCursor, decodeCursor, newestFirst, toPage } from "../ground/paging";
import { importedFields, toImported } from "./to-imported";

/** Everything that the caller imported from a source, the newest first. */
export async function listImported(
  ctx: UserContext,
  { source, limit, cursor }: z.output<typeof imports.list.input>,
): Promise<{ items: ImportedFile[]; nextCursor: string | null }> {
  const rows = await ctx.db.importedFile.findMany({
    where: { userId: ctx.identity.userId, source, ...afterCursor(decodeCursor(cursor)) },
    select: importedFields,
    orderBy: newestFirst,
    take: limit + 1,
  });
  const { items, nextCursor } = toPage(rows, limit);
  return { items: items.map(toImported), nextCursor };
}
