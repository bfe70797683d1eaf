import type { ImportedFile, imports } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../context";
import { importedFields, toImported } from "./to-imported";

/** What became of these ids of a source, as far as the caller imported them. */
export async function findImported(
  ctx: UserContext,
  { source, sourceIds }: z.output<typeof imports.find.input>,
): Promise<{ items: ImportedFile[] }> {
  const rows = await ctx.db.importedFile.findMany({
    where: { userId: ctx.identity.userId, source, sourceId: { in: sourceIds } },
    select: importedFields,
  });
  return { items: rows.map(toImported) };
}
