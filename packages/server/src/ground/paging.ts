import { AppError } from "./errors";

/** Where a page of rows, newest first, ended: the last row's instant and id. */
export interface PageCursor {
  at: Date;
  id: string;
}

export function encodeCursor(cursor: PageCursor): string {
  return Buffer.from(`${cursor.at.getTime()}:${cursor.id}`).toString("base64url");
}

/** @throws AppError INVALID_INPUT when it is not one of ours */
export function decodeCursor(text: string | null | undefined): PageCursor | null {
  if (!text) return null;
  const [, ms, id] =
    /^(\d{1,15}):([\x20-\x7e]{1,128})$/.exec(Buffer.from(text, "base64url").toString()) ?? [];
  if (!ms || !id)
    throw new AppError("INVALID_INPUT", {
      issues: [{ path: "cursor", message: "not a cursor of this list" }],
    });
  return { at: new Date(Number(ms)), id };
}

/** Prisma's condition for the rows after a cursor, when they are ordered by `createdAt` and `id`, both descending. */
export function afterCursor(cursor: PageCursor | null) {
  if (!cursor) return {};
  return {
    OR: [{ createdAt: { lt: cursor.at } }, { createdAt: cursor.at, id: { lt: cursor.id } }],
  };
}

export const newestFirst = [{ createdAt: "desc" as const }, { id: "desc" as const }];

/** Cuts a page out of `limit + 1` rows. */
export function toPage<T extends { createdAt: Date; id: string }>(rows: T[], limit: number) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor =
    rows.length > limit && last ? encodeCursor({ at: last.createdAt, id: last.id }) : null;
  return { items, nextCursor };
}
