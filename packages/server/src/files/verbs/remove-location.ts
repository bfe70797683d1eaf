import { createHash } from "node:crypto";
import { limits } from "@fermata/contract";
import type { UserContext } from "../../context";
import type { FileModel } from "../../generated/prisma/models/File";
import { newId } from "../../ground/secrets";
import { fromPrisma } from "../../ground/transaction";
import { eraseSoon } from "../../outbox/empty-deletions";
import { queueBytes, takeBack } from "../../outbox/queue-bytes";
import { abandonBytes } from "../receiving/claim-upload";
import { claimantOf } from "../rows/file-owners";
import { forgetReadable } from "../serving/find-readable";
import { readObject } from "../serving/read-object";

/** Bytes that no row names after this long are of an attempt that died. */
const attemptSeconds = 600;

/**
 * Takes the place out of a picture of the caller's own, where it says one and no row owns it yet. Of anything else it
 * takes nothing.
 * @throws AppError UNSUPPORTED_MEDIA_TYPE when the place can be seen and not removed
 */
export async function removeLocation(ctx: UserContext, storageId: string): Promise<void> {
  const file = await ctx.db.file.findFirst({
    where: {
      id: storageId,
      uploaderId: ctx.identity.userId,
      status: "ready",
      contentType: { startsWith: "image/" },
    },
  });
  if (!file || file.hasLocation === false) return;
  if (await claimantOf(ctx, fromPrisma(ctx.db), storageId)) return;

  const stripped = await ctx.workbench.stripLocation(() => readObject(ctx, file.objectKey), {
    maxPixels: limits.files.maxImagePixels,
    urgency: "person",
    whose: file.uploaderId,
  });
  if (stripped) await replaceBytes(ctx, file, stripped);
}

/** The row names either the old bytes or the new, and whichever it does not name stand in the outbox. */
async function replaceBytes(ctx: UserContext, file: FileModel, bytes: Uint8Array): Promise<void> {
  const objectKey = newId();
  const now = ctx.clock.now();
  // Before the bytes: should this end here, the outbox deletes what was stored.
  const attempt = await queueBytes(fromPrisma(ctx.db), {
    bucket: "files",
    objectKey,
    storageId: file.id,
    sizeBytes: bytes.byteLength,
    createdAt: now,
    notBefore: new Date(now.getTime() + attemptSeconds * 1000),
  });
  await ctx.objects.put("files", objectKey, bytes, { contentType: file.contentType ?? "" });
  const replaced = await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.file.updateMany({
      where: { id: file.id, objectKey: file.objectKey },
      data: {
        objectKey,
        sizeBytes: bytes.byteLength,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        hasLocation: false,
      },
    });
    if (count === 0) return false;
    // An attempt that took so long that the outbox has it must not win.
    await takeBack(fromPrisma(tx), attempt);
    await queueBytes(fromPrisma(tx), {
      bucket: "files",
      objectKey: file.objectKey,
      storageId: file.id,
      sizeBytes: file.sizeBytes,
      createdAt: now,
      notBefore: now,
    });
    return true;
  });
  forgetReadable(ctx);
  if (replaced) await eraseSoon(ctx, file.objectKey);
  // Somebody else replaced them, or the file is gone.
  else await abandonBytes(ctx, objectKey);
}
