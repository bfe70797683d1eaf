import type { FileMetadata } from "@fermata/contract";
import type { Services } from "../../context";
import type { Transaction } from "../../ground/transaction";
import type { FileOwner } from "../../ports/file-owner";

/** An import keeps its file from the purge until the row that it is meant for owns it. */
const imported = {
  table: "ImportedFile",
  column: "fileId",
  relation: "import",
  whenFileDeleted: "clear",
} satisfies FileOwner;

/** References by name, of owners that are no table here. */
const kept = {
  table: "FileKeep",
  column: "fileId",
  idColumn: "owner",
  relation: "kept",
  whenFileDeleted: "deleteRow",
} satisfies FileOwner;

/** A row may come to own what only these hold: they keep a file, and do not claim it. */
const holding: ReadonlySet<string> = new Set([imported.relation, kept.relation]);

type Ctx = Pick<Services, "owners">;

/** Those that only hold come first, so that an owner proper is named where there is one. */
const ownersIn = ({ owners }: Ctx): FileOwner[] => [imported, kept, ...owners];

/** SQL that is true for rows of File, named `f`, that no row refers to. */
export function isUnowned(ctx: Ctx): string {
  return ownersIn(ctx)
    .map(
      ({ table, column }) =>
        `NOT EXISTS (SELECT 1 FROM ${quoted(table)} o WHERE o.${quoted(column)} = f."id")`,
    )
    .join(" AND ");
}

type Owner = NonNullable<FileMetadata["attachedTo"]>;

/** The row that refers to each of these files. */
export async function ownersOf(
  ctx: Ctx,
  tx: Transaction,
  fileIds: string[],
): Promise<Map<string, Owner>> {
  const found = new Map<string, Owner>();
  for (const owner of ownersIn(ctx)) {
    const [column, id] = [quoted(owner.column), quoted(owner.idColumn ?? "id")];
    const { rows } = await tx.query<{ fileId: string; id: string }>(
      `SELECT o.${column} AS "fileId", o.${id}::text AS "id" FROM ${quoted(owner.table)} o WHERE o.${column} = ANY($1)`,
      [fileIds],
    );
    for (const { fileId, id } of rows) found.set(fileId, { relation: relationOf(owner), id });
  }
  return found;
}

/** The row that owns the file, so that no other may: to be kept, or imported, is not to be owned. */
export async function claimantOf(ctx: Ctx, tx: Transaction, fileId: string): Promise<Owner | null> {
  const owner = (await ownersOf(ctx, tx, [fileId])).get(fileId);
  return owner && !holding.has(owner.relation) ? owner : null;
}

/**
 * Ends every reference to the file.
 * @returns the row that refuses to let it go; then nothing was changed
 */
export async function clearOwners(
  ctx: Ctx,
  tx: Transaction,
  fileId: string,
): Promise<Owner | null> {
  const owners = ownersIn(ctx);
  const refusing = owners.filter(({ whenFileDeleted }) => whenFileDeleted === "refuse");
  if (refusing.length > 0) {
    const owner = (await ownersOf({ owners: refusing }, tx, [fileId])).get(fileId);
    if (owner && !holding.has(owner.relation)) return owner;
  }
  for (const { table, column, whenFileDeleted } of owners) {
    const named = `${quoted(column)} = $1`;
    await tx.query(
      whenFileDeleted === "deleteRow"
        ? `DELETE FROM ${quoted(table)} WHERE ${named}`
        : `UPDATE ${quoted(table)} SET ${quoted(column)} = NULL WHERE ${named}`,
      [fileId],
    );
  }
  return null;
}

/**
 * Ends every reference to every file of a user's.
 * @returns a row that refuses to let one go; then nothing was changed
 */
export async function releaseOwnersOf(
  ctx: Ctx,
  tx: Transaction,
  userId: string,
): Promise<Owner | null> {
  const theirs = `IN (SELECT "id" FROM "File" WHERE "uploaderId" = $1)`;
  const owners = ownersIn(ctx).map((owner) => ({ owner, column: quoted(owner.column) }));
  for (const { owner, column } of owners) {
    if (owner.whenFileDeleted !== "refuse") continue;
    const { rows } = await tx.query<{ id: string }>(
      `SELECT ${quoted(owner.idColumn ?? "id")}::text AS "id" FROM ${quoted(owner.table)} WHERE ${column} ${theirs} LIMIT 1`,
      [userId],
    );
    if (rows[0]) return { relation: relationOf(owner), id: rows[0].id };
  }
  for (const { owner, column } of owners) {
    const table = quoted(owner.table);
    await tx.query(
      owner.whenFileDeleted === "deleteRow"
        ? `DELETE FROM ${table} WHERE ${column} ${theirs}`
        : `UPDATE ${table} SET ${column} = NULL WHERE ${column} ${theirs}`,
      [userId],
    );
  }
  return null;
}

function relationOf({ relation, table, column }: FileOwner): string {
  return relation ?? `${table}.${column}`;
}

/** From the app's code, never from a request: an identifier cannot be a parameter. */
function quoted(identifier: string): string {
  return identifier
    .split(".")
    .map((part) => `"${part.replaceAll('"', '""')}"`)
    .join(".");
}
