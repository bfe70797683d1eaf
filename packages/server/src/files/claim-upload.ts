import type { Services } from "../context";
import { AppError } from "../errors";
import type { FileModel } from "../generated/prisma/models/File";
import { hashToken, newId } from "../secrets";

type Ctx = Pick<Services, "db" | "clock">;

/** One attempt to use a grant. Its key is its own, so bytes of an attempt that was given up can never be taken for these. */
export interface UploadClaim {
  file: FileModel;
  objectKey: string;
}

/**
 * The grant behind an upload URL, while it can be used.
 * @throws AppError NOT_FOUND, FORBIDDEN for another user's token, UPLOAD_EXPIRED, UPLOAD_ALREADY_USED
 */
export async function findGrant(
  ctx: Ctx,
  token: string,
  callerId: string | null,
): Promise<FileModel> {
  const file = await ctx.db.file.findUnique({ where: { grantTokenHash: hashToken(token) } });
  if (!file) throw new AppError("NOT_FOUND");
  if (callerId !== null && callerId !== file.uploaderId) throw new AppError("FORBIDDEN");
  const now = ctx.clock.now();
  const isTaken = file.status === "receiving" && file.claimExpiresAt && file.claimExpiresAt > now;
  // The id lets a client whose answer was lost on the way go on, where it would else send the bytes once more.
  if (file.status === "ready") throw new AppError("UPLOAD_ALREADY_USED", { storageId: file.id });
  if (isTaken) throw new AppError("UPLOAD_ALREADY_USED");
  if (file.grantExpiresAt <= now) throw new AppError("UPLOAD_EXPIRED");
  return file;
}

/**
 * Takes the grant for one attempt, by one statement that at most one of any number of callers wins.
 * @param leaseSeconds past it the attempt counts as dead, and another may take the grant
 */
export async function claimUpload(
  ctx: Ctx,
  file: FileModel,
  leaseSeconds: number,
): Promise<UploadClaim> {
  const objectKey = newId();
  const { count } = await ctx.db.file.updateMany({
    // The key changes with each attempt: whoever finds the one it read is alone.
    where: { id: file.id, status: file.status, objectKey: file.objectKey },
    data: {
      status: "receiving",
      objectKey,
      claimExpiresAt: new Date(ctx.clock.now().getTime() + leaseSeconds * 1000),
    },
  });
  if (count === 0) throw new AppError("UPLOAD_ALREADY_USED");
  // An attempt that died may have left bytes under its key.
  if (file.status === "receiving") await queueBytes(ctx, file.objectKey);
  return { file, objectKey };
}

/** Gives the grant back after an attempt that stored nothing. */
export async function releaseUpload(ctx: Ctx, { file, objectKey }: UploadClaim): Promise<void> {
  await ctx.db.file.updateMany({
    where: { id: file.id, status: "receiving", objectKey },
    data: { status: "pending", claimExpiresAt: null },
  });
}

/** Hands bytes that no row names to the outbox. */
export async function queueBytes(ctx: Ctx, objectKey: string): Promise<void> {
  const now = ctx.clock.now();
  await ctx.db.deletion.create({
    data: { bucket: "files", objectKey, sizeBytes: 0, createdAt: now, nextAttemptAt: now },
  });
}
