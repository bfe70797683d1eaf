import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { Transaction } from "../../ground/transaction";
import { claimantOf } from "../rows/file-owners";
import { type AttachedFile, holdFile, releaseFiles } from "../rows/hold-file";

type Ctx = Pick<Services, "owners" | "clock">;

/**
 * Makes sure, inside the transaction that writes the owning row, that this user may let it refer to this file: the
 * uploader alone, a ready file, and no other owner. The file stays locked until commit. Lock the owning row first, as
 * every verb does that locks both.
 * @throws AppError NOT_FOUND, CONFLICT when another row owns it
 */
export async function attachFile(
  ctx: Ctx,
  tx: Transaction,
  { storageId, userId }: { storageId: string; userId: string },
): Promise<AttachedFile> {
  const file = await holdFile(tx, { storageId, userId, now: ctx.clock.now() });
  if (!file) throw new AppError("NOT_FOUND");
  const owner = await claimantOf(ctx, tx, storageId);
  if (owner) throw new AppError("CONFLICT", { attachedTo: owner });
  return file;
}

/** Notes that a row has ceased to refer to the file, which from now on is a day from its purge. */
export async function releaseFile(
  { clock }: Pick<Services, "clock">,
  tx: Transaction,
  { storageId }: { storageId: string },
): Promise<void> {
  await releaseFiles(tx, [storageId], clock.now());
}
