import type { UserContext } from "../../context";

/**
 * Gives up an upload URL of the caller's and what it reserves. Aborting again is success, and so is aborting what is stored
 * already: that is deleted by `deleteFile`.
 */
export async function abortFileUpload(
  ctx: UserContext,
  { storageId }: { storageId: string },
): Promise<{ aborted: true }> {
  const own = { id: storageId, uploaderId: ctx.identity.userId };
  await ctx.db.file.deleteMany({ where: { ...own, status: "pending" } });
  // An attempt that is still under way ends by itself, and leaves a URL that can be used no more.
  await ctx.db.file.updateMany({
    where: { ...own, status: "receiving" },
    data: { grantExpiresAt: ctx.clock.now() },
  });
  return { aborted: true };
}
