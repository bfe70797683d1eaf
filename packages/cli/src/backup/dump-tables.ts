import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { createGunzip, createGzip } from "node:zlib";
import type { Installation } from "../command";
import type { BackupPlace } from "./place";

type Pool = Installation["pool"];
type Client = Awaited<ReturnType<Pool["connect"]>>;

interface Rows<Row> {
  rows: Row[];
}

/** One table of a backup: a line of JSON a row, compressed. */
export interface DumpedTable {
  name: string;
  rows: number;
  /** Of the lines, hexadecimal. */
  sha256: string;
}

const pageRows = 500;
const books = "_prisma_migrations";

export function tableFile(name: string): string {
  return `database/${name}.ndjson.gz`;
}

/** Writes every table of the schema as one moment had it, however long that takes and whatever goes on meanwhile. */
export async function dumpTables(
  pool: Pool,
  options: { schema: string; place: BackupPlace; onTable: (name: string, rows: number) => void },
): Promise<{ tables: DumpedTable[]; migrations: string[] }> {
  const { schema, place } = options;
  const client = await pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query(
      "SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true), set_config('TimeZone', 'UTC', true)",
    );
    const { rows }: Rows<{ name: string }> = await client.query(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = $1 ORDER BY 1",
      [schema],
    );
    const tables: DumpedTable[] = [];
    for (const { name } of rows) {
      const hash = createHash("sha256");
      let count = 0;
      const lines = async function* () {
        await client.query(
          `DECLARE backup NO SCROLL CURSOR FOR SELECT to_jsonb(t)::text AS line FROM ${quoted(schema)}.${quoted(name)} t`,
        );
        for (;;) {
          const page: Rows<{ line: string }> = await client.query(`FETCH ${pageRows} FROM backup`);
          if (page.rows.length === 0) break;
          count += page.rows.length;
          const text = page.rows.map(({ line }) => `${line}\n`).join("");
          hash.update(text);
          options.onTable(name, count);
          yield text;
        }
        await client.query("CLOSE backup");
      };
      const packed = createGzip();
      await Promise.all([
        pipeline(Readable.from(lines()), packed),
        place.write(tableFile(name), packed),
      ]);
      tables.push({ name, rows: count, sha256: hash.digest("hex") });
    }
    const applied: Rows<{ name: string }> = await client.query(
      `SELECT migration_name AS name FROM ${quoted(schema)}.${books} WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1`,
    );
    await client.query("COMMIT");
    return { tables, migrations: applied.rows.map(({ name }) => name) };
  } finally {
    client.release(true);
  }
}

/** Fills the tables in one transaction: all of them, or none. @throws Error where a table differs from its hash */
export async function loadTables(
  pool: Pool,
  options: {
    schema: string;
    place: BackupPlace;
    tables: DumpedTable[];
    onTable: (name: string, rows: number) => void;
  },
): Promise<void> {
  const { schema, place } = options;
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query(
      "SELECT set_config('statement_timeout', '0', true), set_config('idle_in_transaction_session_timeout', '0', true)",
    );
    const ofOurs = options.tables.filter(({ name }) => name !== books);
    const names = ofOurs.map(({ name }) => `${quoted(schema)}.${quoted(name)}`);
    // What triggers count and what they queue for deletion stands in the backup already.
    for (const name of names) await client.query(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
    // A table may come before one that it refers to.
    const keys = await dropForeignKeys(client, schema);
    for (const name of names) await client.query(`DELETE FROM ${name}`);
    for (const [index, table] of ofOurs.entries()) {
      const hash = createHash("sha256");
      let count = 0;
      let page: string[] = [];
      const flush = async () => {
        await client.query(
          `INSERT INTO ${names[index]} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::${names[index]}, line::jsonb)).* FROM unnest($1::text[]) AS line`,
          [page],
        );
        page = [];
        options.onTable(table.name, count);
      };
      const packed = await place.read(tableFile(table.name));
      if (!packed) throw damaged(table.name);
      await pipeline(packed, createGunzip(), async (text: AsyncIterable<Buffer>) => {
        for await (const line of linesOf(text)) {
          hash.update(`${line}\n`);
          page.push(line);
          count++;
          if (page.length === pageRows) await flush();
        }
      }).catch((error: NodeJS.ErrnoException) => {
        throw error.code?.startsWith("Z_") ? damaged(table.name) : error;
      });
      if (page.length > 0) await flush();
      if (count !== table.rows || hash.digest("hex") !== table.sha256) throw damaged(table.name);
    }
    for (const statement of keys) await client.query(statement);
    for (const name of names) await client.query(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
    // Counters go on behind what they gave out.
    await client.query(
      `DO $$ DECLARE c record; BEGIN
         FOR c IN SELECT table_name AS t, column_name AS f FROM information_schema.columns
           WHERE table_schema = '${schema.replaceAll("'", "''")}' AND column_default LIKE 'nextval(%'
         LOOP
           EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) FROM %I.%I',
             format('%I.%I', '${schema.replaceAll("'", "''")}', c.t), c.f, c.f, '${schema.replaceAll("'", "''")}', c.t);
         END LOOP;
       END $$`,
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release(true);
  }
}

/** Whoever owns the tables may do this; to leave their checks out takes a superuser. @returns what makes them again */
async function dropForeignKeys(client: Client, schema: string): Promise<string[]> {
  const { rows }: Rows<{ from: string; name: string; definition: string }> = await client.query(
    `SELECT k.conrelid::regclass::text AS "from", k.conname AS name, pg_get_constraintdef(k.oid) AS definition
     FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
     WHERE k.contype = 'f' AND k.conparentid = 0 AND n.nspname = $1`,
    [schema],
  );
  for (const { from, name } of rows)
    await client.query(`ALTER TABLE ${from} DROP CONSTRAINT ${quoted(name)}`);
  return rows.map(
    ({ from, name, definition }) =>
      `ALTER TABLE ${from} ADD CONSTRAINT ${quoted(name)} ${definition}`,
  );
}

/** Rows are JSON: a line feed is the end of one, and nothing else. */
async function* linesOf(text: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of text) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest) yield rest;
}

function damaged(table: string): Error {
  return new Error(`the table ${table} of the backup is damaged; nothing was restored`);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
