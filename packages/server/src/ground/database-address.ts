export interface DatabaseAddress {
  /** The URL without the parameters that are ours. */
  connectionString: string;
  /** The PostgreSQL schema of all our tables. */
  schema: string;
  /** Whether the URL itself says that a transaction pooler stands before PostgreSQL. */
  isPooled: boolean;
}

/** Parameters of Prisma's URLs: what they say is done here, and PostgreSQL knows none of them. */
const prismaParameters = [
  ...["schema", "pgbouncer", "connection_limit", "pool_timeout", "statement_cache_size"],
  ...["socket_timeout", "connect_timeout", "prepared_statements"],
];

/** Reads a database's URL as Prisma's users write it: `?schema=app`, `?pgbouncer=true`. */
export function readDatabaseUrl(url: string): DatabaseAddress {
  const target = new URL(url);
  const { searchParams } = target;
  const schema = searchParams.get("schema") || "public";
  const isPooled =
    searchParams.get("pgbouncer") === "true" || searchParams.get("prepared_statements") === "false";
  for (const name of prismaParameters) searchParams.delete(name);
  return { connectionString: target.toString(), schema, isPooled };
}
