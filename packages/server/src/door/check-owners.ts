import type { Pool } from "pg";
import type { ReadinessCheck } from "../operations/readiness-check";
import type { FileOwner } from "../ports/file-owner";

interface ColumnFacts {
  isNullable: boolean | null;
  hasForeignKey: boolean;
  hasId: boolean;
}

/**
 * Looks whether each column that owns files is there, refers to our table of files, and can be cleared where it is to be.
 * Without the foreign key nothing but the next look at the table tells that a file is wanted.
 */
export async function checkOwners(
  pool: Pool,
  owners: readonly FileOwner[],
  schema: string,
): Promise<ReadinessCheck[]> {
  return Promise.all(
    owners.map(async (owner) => {
      const { relation = `${owner.table}.${owner.column}` } = owner;
      const remedy = problemOf(owner, schema, await look(pool, owner, schema));
      return {
        name: `owner ${relation}`,
        ok: remedy === null,
        required: false,
        ...(remedy !== null && { remedy }),
      };
    }),
  );
}

async function look(
  pool: Pool,
  { table, column, idColumn = "id" }: FileOwner,
  schema: string,
): Promise<ColumnFacts | null> {
  const [tableSchema = "", name = ""] = splitName(table);
  const { rows } = await pool.query<ColumnFacts>(
    `SELECT NOT a.attnotnull AS "isNullable",
       EXISTS (SELECT FROM pg_constraint k
         WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conkey = ARRAY[a.attnum]
           AND k.confrelid = to_regclass($4)) AS "hasForeignKey",
       EXISTS (SELECT FROM pg_attribute i
         WHERE i.attrelid = c.oid AND i.attname = $5 AND NOT i.attisdropped) AS "hasId"
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_attribute a
         ON a.attrelid = c.oid AND a.attname = $3 AND a.attnum > 0 AND NOT a.attisdropped
     WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')`,
    [tableSchema, name, column, `"${schema}"."File"`, idColumn],
  );
  return rows[0] ?? null;
}

function problemOf(
  { table, column, idColumn = "id", whenFileDeleted }: FileOwner,
  schema: string,
  facts: ColumnFacts | null,
): string | null {
  const named = splitName(table)
    .map((part) => `"${part}"`)
    .join(".");
  if (!facts) return `There is no table ${named}. Make it, or mend \`owners\`.`;
  if (facts.isNullable === null)
    return `The table ${named} has no column "${column}". Make it, or mend \`owners\`.`;
  if (!facts.hasId)
    return `The table ${named} has no column "${idColumn}": name its key as \`idColumn\` in \`owners\`.`;
  if (!facts.hasForeignKey)
    return `ALTER TABLE ${named} ADD FOREIGN KEY ("${column}") REFERENCES "${schema}"."File" ("id");`;
  if (whenFileDeleted === "clear" && !facts.isNullable)
    return `"${column}" of ${named} cannot be cleared: ALTER TABLE ${named} ALTER COLUMN "${column}" DROP NOT NULL; or say "deleteRow" or "refuse".`;
  return null;
}

function splitName(table: string): string[] {
  const [schema = "", ...rest] = table.split(".");
  return [schema, rest.join(".")];
}
