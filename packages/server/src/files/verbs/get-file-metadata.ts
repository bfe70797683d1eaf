import type { FileMetadata } from "@fermata/contract";
import type { UserContext } from "../../context";
import { fromPrisma } from "../../ground/transaction";
import { ownersOf } from "../rows/file-owners";
import { toMetadata } from "../rows/to-metadata";

/** Null for a file that is missing, not yet there, or somebody else's. */
export async function getFileMetadata(
  ctx: UserContext,
  { storageId }: { storageId: string },
): Promise<FileMetadata | null> {
  const file = await ctx.db.file.findFirst({
    where: { id: storageId, uploaderId: ctx.identity.userId, status: "ready" },
  });
  if (!file) return null;
  const owners = await ownersOf(ctx, fromPrisma(ctx.db), [file.id]);
  return toMetadata(file, owners.get(file.id));
}
