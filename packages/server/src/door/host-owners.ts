import type { FileOwner } from "../ports/file-owner";

/** Where tables are that the app names without a schema. */
const hostSchema = "public";

/** The app's owners as our connections find them: those look in Fermata's schema alone. */
export function hostOwners(owners: readonly FileOwner[]): FileOwner[] {
  return owners.map(({ table, column, relation = `${table}.${column}`, ...owner }) => ({
    ...owner,
    column,
    relation,
    table: table.includes(".") ? table : `${hostSchema}.${table}`,
  }));
}
