/** The caller's own transaction, whichever library began it. Its statements are plain SQL with `$1`. */
export interface Transaction {
  query<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

/** An app says here, once, which Prisma client its server was given: `interface Register { prisma: PrismaClient }`. */
// biome-ignore lint/suspicious/noEmptyInterface: apps add to it
export interface Register {}

/** The transaction in which a row of ours becomes ready. `prisma` is the app's own client in it, where it gave us one. */
export interface HostTransaction extends Transaction {
  prisma: Register extends { prisma: infer Client } ? Client : unknown;
}

/** node-postgres: the client that a transaction was begun on. */
export function fromPg(client: {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}): Transaction {
  return {
    query: async <Row>(text: string, values: unknown[] = []) => {
      const { rows } = await client.query(text, values);
      return { rows: rows as Row[] };
    },
  };
}

/** Prisma: what `$transaction(async (tx) => …)` gives. */
export function fromPrisma(tx: {
  $queryRawUnsafe(text: string, ...values: unknown[]): Promise<unknown>;
}): Transaction {
  return {
    query: async <Row>(text: string, values: unknown[] = []) => ({
      rows: (await tx.$queryRawUnsafe(text, ...values.map(withZone))) as Row[],
    }),
  };
}

/** Prisma sends a Date without its zone, and PostgreSQL would read it in the session's. */
function withZone(value: unknown): unknown {
  return value instanceof Date ? value.toISOString() : value;
}

/**
 * Drizzle, over node-postgres or postgres.js: what `transaction(async (tx) => …)` gives.
 * @param sql `sql` of `drizzle-orm`, for a Drizzle that does not take a statement as it is
 */
export function fromDrizzle<Query = DrizzleStatement>(
  tx: { execute(query: Query): PromiseLike<unknown> },
  sql?: DrizzleSql<Query>,
): Transaction {
  return {
    query: async <Row>(text: string, values: unknown[] = []) => {
      const query = sql ? inPieces(sql, text, values) : asItIs(text, values);
      const result = await tx.execute(query as Query);
      const rows = Array.isArray(result) ? result : (result as { rows: unknown[] }).rows;
      return { rows: rows as Row[] };
    },
  };
}

/** What Drizzle takes for SQL of its own: it says its text and parameters when it is asked. */
interface DrizzleStatement {
  getSQL(): never;
}

function asItIs(text: string, params: unknown[]): DrizzleStatement {
  const statement = {
    getSQL: () => statement as never,
    toQuery: () => ({ sql: text, params, typings: params.map(() => "none") }),
    shouldInlineParams: false,
  };
  return statement;
}

function inPieces<Query>(sql: DrizzleSql<Query>, text: string, values: unknown[]): Query {
  const chunks = text
    .split(/\$(\d+)/)
    .map((piece, at) => (at % 2 === 0 ? sql.raw(piece) : sql.param(values[Number(piece) - 1])));
  return sql.join(chunks as never[]);
}

/** What is used of Drizzle's `sql`. */
interface DrizzleSql<Query> {
  raw(text: string): unknown;
  param(value: unknown): unknown;
  join(chunks: never[]): Query;
}
