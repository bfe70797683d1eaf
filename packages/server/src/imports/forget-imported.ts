import type { UserContext } from "../context";

/** Drops the mapping of a source. Files that nothing else refers to are a day from their purge, counted from now. */
export async function forgetImported(
  ctx: UserContext,
  { source }: { source: string },
): Promise<{ forgotten: number }> {
  const mine = { userId: ctx.identity.userId, source };
  return ctx.db.$transaction(async (tx) => {
    await tx.file.updateMany({
      where: { importedAs: { is: mine } },
      data: { releasedAt: ctx.clock.now() },
    });
    const { count } = await tx.importedFile.deleteMany({ where: mine });
    return { forgotten: count };
  });
}
