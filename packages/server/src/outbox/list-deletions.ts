import type { files, PageInput } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../context";
import { AppError } from "../ground/errors";
import { decodeCursor, toPage } from "../ground/paging";

type Output = z.input<typeof files.deletions.output>;

interface DeletedFile {
  id: string;
  createdAt: Date;
  storageId: string;
  sizeBytes: bigint;
  bytesDeletedAt: Date | null;
}

/** Over the entries of one file, named `c`: when the last of its bytes were gone, null while some are not. */
export const bytesDeletedAt = `CASE WHEN bool_and(c."deletedAt" IS NOT NULL) THEN max(c."deletedAt") END`;

/** Receipts for the caller's deleted files, newest first. One is complete when the bytes of every copy are gone. */
export async function listDeletions(ctx: UserContext, input: PageInput): Promise<Output> {
  const cursor = decodeCursor(input.cursor);
  const { rows } = await ctx.pool.query<DeletedFile>(
    `SELECT d."id"::text, d."createdAt", d."storageId", d."sizeBytes", copies."bytesDeletedAt"
     FROM "Deletion" d CROSS JOIN LATERAL (
       SELECT ${bytesDeletedAt} AS "bytesDeletedAt" FROM "Deletion" c WHERE c."storageId" = d."storageId"
     ) copies
     WHERE d."userId" = $1 AND ($2::timestamptz IS NULL OR (d."createdAt", d."id") < ($2, $3::bigint))
     ORDER BY d."createdAt" DESC, d."id" DESC LIMIT $4`,
    [ctx.identity.userId, cursor?.at ?? null, readId(cursor?.id), input.limit + 1],
  );
  const { items, nextCursor } = toPage(rows, input.limit);
  return {
    items: items.map(({ storageId, sizeBytes, createdAt, bytesDeletedAt }) => ({
      storageId,
      sizeBytes: Number(sizeBytes),
      requestedAt: createdAt.toISOString(),
      bytesDeletedAt: bytesDeletedAt?.toISOString() ?? null,
    })),
    nextCursor,
  };
}

function readId(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (!/^\d{1,18}$/.test(text)) {
    const issues = [{ path: "cursor", message: "not a cursor of this list" }];
    throw new AppError("INVALID_INPUT", { issues });
  }
  return text;
}
