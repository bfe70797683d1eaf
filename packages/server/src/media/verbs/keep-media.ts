import type { Services } from "../../context";
import { AppError } from "../../ground/errors";

type Ctx = Pick<Services, "pool" | "clock">;

/**
 * Keeps ready media from being deleted by their user, for an owner that is no row of this database, such as `song:123` of
 * another. Several may keep one. To say it again changes nothing.
 * @throws AppError NOT_FOUND
 */
export async function keepMedia(
  ctx: Ctx,
  { key, owner }: { key: string; owner: string },
): Promise<void> {
  const { rowCount } = await ctx.pool.query({
    name: "keep media",
    text: `WITH found AS (SELECT "id" FROM "Media" WHERE "key" = $1 AND "status" = 'ready' FOR KEY SHARE),
      kept AS (
        INSERT INTO "MediaKeep" ("mediaId", "owner", "createdAt") SELECT "id", $2, $3 FROM found
        ON CONFLICT DO NOTHING)
      SELECT "id" FROM found`,
    values: [key, owner, ctx.clock.now()],
  });
  if (rowCount === 0) throw new AppError("NOT_FOUND");
}

/**
 * Ends what `keepMedia` began. To say it again changes nothing.
 * @throws AppError NOT_FOUND
 */
export async function letGoOfMedia(
  ctx: Ctx,
  { key, owner }: { key: string; owner: string },
): Promise<void> {
  const { rowCount } = await ctx.pool.query({
    name: "let go of media",
    text: `WITH found AS (SELECT "id" FROM "Media" WHERE "key" = $1 AND "status" = 'ready'),
      gone AS (DELETE FROM "MediaKeep" k USING found WHERE k."mediaId" = found."id" AND k."owner" = $2)
      SELECT "id" FROM found`,
    values: [key, owner],
  });
  if (rowCount === 0) throw new AppError("NOT_FOUND");
}
