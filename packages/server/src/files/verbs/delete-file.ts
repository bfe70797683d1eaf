import type { UserContext } from "../../context";
import { Prisma } from "../../generated/prisma/client";
import { AppError } from "../../ground/errors";
import { fromPrisma } from "../../ground/transaction";
import { eraseSoon } from "../../outbox/empty-deletions";
import { clearOwners } from "../rows/file-owners";
import { forgetReadable } from "../serving/find-readable";

/**
 * Deletes a file of the caller's, wherever it is attached. Its URLs fail from here on; its bytes follow through the outbox.
 * @throws AppError NOT_FOUND; CONFLICT where a row owns it that does not let go
 */
export async function deleteFile(
  ctx: UserContext,
  { storageId }: { storageId: string },
): Promise<{ deleted: true }> {
  const mine = { id: storageId, uploaderId: ctx.identity.userId, status: "ready" as const };
  for (let attempt = 1; ; attempt++) {
    try {
      const file = await ctx.db.$transaction(async (tx) => {
        const found = await tx.file.findFirst({
          where: mine,
          select: { objectKey: true, variants: { select: { objectKey: true } } },
        });
        if (!found) throw new AppError("NOT_FOUND");
        const owner = await clearOwners(ctx, fromPrisma(tx), storageId);
        if (owner) throw new AppError("CONFLICT", { attachedTo: owner });
        const { count } = await tx.file.deleteMany({ where: mine });
        if (count === 0) throw new AppError("NOT_FOUND");
        return found;
      });
      forgetReadable(ctx);
      const keys = [file, ...file.variants].map(({ objectKey }) => objectKey);
      await Promise.all(keys.map((key) => eraseSoon(ctx, key)));
      return { deleted: true };
    } catch (error) {
      // Somebody attached it in between; the foreign key kept it. The next look finds the new owner.
      if (attempt < 3 && isForeignKeyViolation(error)) continue;
      throw error;
    }
  }
}

function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003";
}
