import type { files } from "@fermata/contract";
import type { z } from "zod";
import type { Services, UserContext } from "../../context";
import { AppError } from "../../ground/errors";

type Ctx = Pick<Services, "pool" | "clock">;

/**
 * Keeps a ready file from the purge for an owner that is no row of this database, such as `invoice:123` of another. Several
 * may keep one file. To say it again changes nothing.
 * @param uploaderId whose file it must be; null where the server itself keeps it
 * @throws AppError NOT_FOUND
 */
export async function keepFile(
  ctx: Ctx,
  { storageId, owner, uploaderId }: { storageId: string; owner: string; uploaderId: string | null },
): Promise<void> {
  const { rowCount } = await ctx.pool.query({
    name: "keep file",
    // The row is locked by it, as by an attachment: a purge that looks at the file in this moment passes it over.
    text: `WITH mine AS (
        UPDATE "File" SET "attachedAt" = $3
        WHERE "id" = $1 AND "status" = 'ready' AND ($4::text IS NULL OR "uploaderId" = $4) RETURNING "id"),
      kept AS (
        INSERT INTO "FileKeep" ("fileId", "owner", "createdAt") SELECT "id", $2, $3 FROM mine
        ON CONFLICT DO NOTHING)
      SELECT "id" FROM mine`,
    values: [storageId, owner, ctx.clock.now(), uploaderId],
  });
  if (rowCount === 0) throw new AppError("NOT_FOUND");
}

/**
 * Ends what `keepFile` began. Unless somebody else keeps or owns the file, it is a day from its purge. To say it again
 * changes nothing.
 * @throws AppError NOT_FOUND
 */
export async function letGoOfFile(
  ctx: Ctx,
  { storageId, owner, uploaderId }: { storageId: string; owner: string; uploaderId: string | null },
): Promise<void> {
  const { rowCount } = await ctx.pool.query({
    name: "let go of file",
    text: `WITH mine AS (
        SELECT "id" FROM "File"
        WHERE "id" = $1 AND "status" = 'ready' AND ($4::text IS NULL OR "uploaderId" = $4) FOR NO KEY UPDATE),
      gone AS (DELETE FROM "FileKeep" k USING mine WHERE k."fileId" = mine."id" AND k."owner" = $2 RETURNING 1),
      released AS (
        UPDATE "File" f SET "releasedAt" = $3 FROM mine WHERE f."id" = mine."id" AND EXISTS (SELECT 1 FROM gone))
      SELECT "id" FROM mine`,
    values: [storageId, owner, ctx.clock.now(), uploaderId],
  });
  if (rowCount === 0) throw new AppError("NOT_FOUND");
}

/** `files.keep`, by the uploader. */
export async function keepOwnFile(
  ctx: UserContext,
  input: z.output<typeof files.keep.input>,
): Promise<{ kept: true }> {
  await keepFile(ctx, { ...input, uploaderId: ctx.identity.userId });
  return { kept: true };
}

/** `files.letGo`, by the uploader. */
export async function letGoOfOwnFile(
  ctx: UserContext,
  input: z.output<typeof files.letGo.input>,
): Promise<{ letGo: true }> {
  await letGoOfFile(ctx, { ...input, uploaderId: ctx.identity.userId });
  return { letGo: true };
}
