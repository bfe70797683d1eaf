import type { FileOwner } from "../ports/file-owner";

/** The app's owners as our connections find them: those look in Fermata's schema alone. */
export function hostOwners(owners: readonly FileOwner[], hostSchema: string): FileOwner[] {
  return owners.map(({ table, column, relation = `${table}.${column}`, ...owner }) => ({
    ...owner,
    column,
    relation,
    table: table.includes(".") ? table : `${hostSchema}.${table}`,
  }));
}
