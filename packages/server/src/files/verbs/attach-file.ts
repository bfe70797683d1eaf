import type { UserContext } from "../../context";
import type { Tx } from "../../ground/db";
import { AppError } from "../../ground/errors";
import { claimantOf } from "../rows/file-owners";

interface AttachedFile {
  id: string;
  contentType: string;
}

/**
 * Makes sure, inside the transaction that writes the owning row, that the caller may let it refer to this file: the
 * uploader alone, a ready file, and no other owner. The file stays locked until commit. Lock the owning row first, as
 * every verb does that locks both.
 * @throws AppError NOT_FOUND, CONFLICT when another row owns it
 */
export async function attachFile(
  tx: Tx,
  ctx: UserContext,
  { storageId }: { storageId: string },
): Promise<AttachedFile> {
  const [file] = await tx.$queryRaw<AttachedFile[]>`
    UPDATE "File" SET "attachedAt" = ${ctx.clock.now()}
    WHERE "id" = ${storageId} AND "uploaderId" = ${ctx.identity.userId} AND "status" = 'ready'
    RETURNING "id", "contentType"`;
  if (!file) throw new AppError("NOT_FOUND");
  const owner = await claimantOf(ctx, tx, storageId);
  if (owner) throw new AppError("CONFLICT", { attachedTo: owner });
  return file;
}

/** Notes that a row has ceased to refer to the file, which from now on is a day from its purge. */
export async function releaseFile(tx: Tx, ctx: UserContext, storageId: string): Promise<void> {
  await tx.file.updateMany({
    where: { id: storageId },
    data: { releasedAt: ctx.clock.now() },
  });
}
