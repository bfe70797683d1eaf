import type { imports } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../context";
import { holdFile } from "../files/rows/hold-file";
import { AppError } from "../ground/errors";
import { newId } from "../ground/secrets";
import { fromPrisma } from "../ground/transaction";

/**
 * Notes which file or media of the caller's an id of another product became. From then on the file is not purged.
 * @throws AppError NOT_FOUND, CONFLICT when the file or media already stands for another id
 */
export async function recordImported(
  ctx: UserContext,
  input: z.output<typeof imports.record.input>,
): Promise<{ recorded: true }> {
  const { userId } = ctx.identity;
  const { source, sourceId, sourceCreatedAt } = input;
  await ctx.db.$transaction(async (tx) => {
    let fileId: string | null = null;
    let mediaId: string | null = null;
    if (input.storageId) {
      const mine = { storageId: input.storageId, userId, now: ctx.clock.now() };
      const file = await holdFile(fromPrisma(tx), mine);
      if (!file) throw new AppError("NOT_FOUND");
      fileId = file.id;
    } else {
      const media = await tx.media.findFirst({ where: { key: input.mediaKey ?? "", userId } });
      if (!media) throw new AppError("NOT_FOUND");
      mediaId = media.id;
    }
    const taken = await tx.importedFile.findFirst({
      where: { ...(fileId ? { fileId } : { mediaId }), NOT: { userId, source, sourceId } },
      select: { source: true, sourceId: true },
    });
    if (taken) throw new AppError("CONFLICT", { importedAs: taken });
    const now = ctx.clock.now();
    const became = { fileId, mediaId, sourceCreatedAt: sourceCreatedAt ?? null };
    await tx.importedFile.upsert({
      where: { userId_source_sourceId: { userId, source, sourceId } },
      create: { id: newId(), userId, source, sourceId, createdAt: now, ...became },
      update: became,
    });
  });
  return { recorded: true };
}
