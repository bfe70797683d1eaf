import {
  AppError,
  attachFile,
  fileUrl,
  fromPrisma,
  releaseFile,
  removeLocation,
  type Tx,
} from "@fermata/server/internal";
import type { UserContext } from "../context";

/**
 * Shows a picture of the caller's own as their avatar, or none. The former one is released. A picture that says where it
 * was taken loses that word for good; any other stays byte for byte what was uploaded.
 * @throws AppError NOT_FOUND, UNSUPPORTED_MEDIA_TYPE for what is no picture, CONFLICT when another row owns the file
 */
export async function setAvatar(
  ctx: UserContext,
  { storageId }: { storageId: string | null },
): Promise<{ avatarUrl: string | null }> {
  const { userId } = ctx.identity;
  if (storageId !== null) await removeLocation(ctx, storageId);
  await ctx.db.$transaction(async (tx) => {
    const former = await lockAvatar(tx, userId);
    if (former === storageId) return;
    if (storageId !== null) {
      const { contentType } = await attachFile(ctx, fromPrisma(tx), { storageId, userId });
      if (!contentType.startsWith("image/")) {
        throw new AppError("UNSUPPORTED_MEDIA_TYPE", { contentType, expected: "image/*" });
      }
    }
    await tx.user.update({ where: { id: userId }, data: { avatarId: storageId } });
    if (former !== null) await releaseFile(ctx, fromPrisma(tx), { storageId: former });
  });
  const avatarUrl = storageId && fileUrl(ctx, { storageId, viewerId: userId });
  return { avatarUrl };
}

async function lockAvatar(tx: Tx, userId: string): Promise<string | null> {
  const [user] = await tx.$queryRaw<{ avatarId: string | null }[]>`
    SELECT "avatarId" FROM "User" WHERE "id" = ${userId} FOR UPDATE`;
  if (!user) throw new AppError("UNAUTHENTICATED");
  return user.avatarId;
}
