import type { UserContext } from "../context";
import { releaseFiles } from "../files/rows/hold-file";
import { fromPrisma } from "../ground/transaction";

/** Drops the mapping of a source. Files that nothing else refers to are a day from their purge, counted from now. */
export async function forgetImported(
  ctx: UserContext,
  { source }: { source: string },
): Promise<{ forgotten: number }> {
  const mine = { userId: ctx.identity.userId, source };
  return ctx.db.$transaction(async (tx) => {
    const files = await tx.importedFile.findMany({
      where: { ...mine, fileId: { not: null } },
      select: { fileId: true },
    });
    const storageIds = files.flatMap(({ fileId }) => fileId ?? []);
    await releaseFiles(fromPrisma(tx), storageIds, ctx.clock.now());
    const { count } = await tx.importedFile.deleteMany({ where: mine });
    return { forgotten: count };
  });
}
