import type { FileOwner } from "@fermata/server";
import type { Prisma } from "@fermata/server/internal";

/** Every relation of a file but the library's own makes some row of the studio its owner. */
type OwnerRelation = Exclude<
  keyof Prisma.FileInclude,
  "variants" | "importedAs" | "keeps" | "_count"
>;

/** A new relation in the schema does not compile until it has its line here: the purge must know every owner. */
const owners = {
  avatarOf: {
    table: "User",
    column: "avatarId",
    relation: "user.avatar",
    whenFileDeleted: "clear",
  },
  attachmentOf: {
    table: "InstrumentAttachment",
    column: "fileId",
    relation: "instrument.attachment",
    whenFileDeleted: "deleteRow",
  },
} satisfies Record<OwnerRelation, FileOwner>;

/** What may own a file in the studio, whose tables lie in this PostgreSQL schema. */
export function studioOwners(schema: string): FileOwner[] {
  return Object.values(owners).map((owner) => ({ ...owner, table: `${schema}.${owner.table}` }));
}
