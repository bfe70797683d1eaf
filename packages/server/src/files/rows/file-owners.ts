import type { FileMetadata } from "@fermata/contract";
import { Prisma } from "../../generated/prisma/client";
import type { Tx } from "../../ground/db";

/** Every relation of a file but those to its uploader and its variants makes some row its owner. */
type OwnerRelation = Exclude<keyof Prisma.FileInclude, "uploader" | "variants" | "_count">;

interface OwnerColumn {
  table: Prisma.ModelName;
  /** The foreign key to File. Null where the row owns none. */
  column: string;
  /** What clients read in `attachedTo.relation`. */
  relation: string;
  /** What becomes of the row when its file is deleted: it lives on without it, or goes too. */
  withoutFile: "lives" | "goes";
}

/** An import keeps its file from the purge until the row that it is meant for owns it: it comes first here, and gives way. */
export const importRelation = "import";

/** A new relation in the schema does not compile until it has its line here: the purge must know every owner. */
const owners = {
  importedAs: {
    table: "ImportedFile",
    column: "fileId",
    relation: importRelation,
    withoutFile: "lives",
  },
  avatarOf: { table: "User", column: "avatarId", relation: "user.avatar", withoutFile: "lives" },
  attachmentOf: {
    table: "InstrumentAttachment",
    column: "fileId",
    relation: "instrument.attachment",
    withoutFile: "goes",
  },
} satisfies Record<OwnerRelation, OwnerColumn>;

const columns: OwnerColumn[] = Object.values(owners);

/** SQL that is true for rows of File, named `f`, that no row refers to. */
export function isUnowned(): string {
  return columns
    .map(
      ({ table, column }) => `NOT EXISTS (SELECT 1 FROM "${table}" o WHERE o."${column}" = f."id")`,
    )
    .join(" AND ");
}

type Owner = NonNullable<FileMetadata["attachedTo"]>;

/** The row that refers to each of these files. */
export async function ownersOf(
  db: Pick<Tx, "$queryRaw">,
  fileIds: string[],
): Promise<Map<string, Owner>> {
  const found = new Map<string, Owner>();
  for (const { table, column, relation } of columns) {
    const rows = await db.$queryRaw<{ fileId: string; id: string }[]>`
      SELECT o.${name(column)} AS "fileId", o."id" FROM ${name(table)} o
      WHERE o.${name(column)} = ANY(${fileIds})`;
    for (const { fileId, id } of rows) found.set(fileId, { relation, id });
  }
  return found;
}

/** Ends every reference to the file. */
export async function clearOwners(db: Pick<Tx, "$executeRaw">, fileId: string): Promise<void> {
  for (const { table, column, withoutFile } of columns) {
    if (withoutFile === "goes")
      await db.$executeRaw`DELETE FROM ${name(table)} WHERE ${name(column)} = ${fileId}`;
    else
      await db.$executeRaw`
        UPDATE ${name(table)} SET ${name(column)} = NULL WHERE ${name(column)} = ${fileId}`;
  }
}

/** Our own constants only: an identifier cannot be a parameter. */
function name(identifier: string) {
  return Prisma.raw(`"${identifier}"`);
}
