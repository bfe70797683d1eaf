import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";

type Adapter = Awaited<ReturnType<PrismaPg["connect"]>>;
type Queryable = Pick<Adapter, "queryRaw" | "executeRaw">;
type Query = Parameters<Adapter["queryRaw"]>[0];
type ArgType = Query["argTypes"][number];

/**
 * Prisma's adapter for sessions in any time zone. Its own sends an instant without its zone, which PostgreSQL then reads in the
 * session's, and drops the zone of what it reads: every instant would be off by hours beside those of `now()`.
 */
export class ZonedPrismaPg extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = sendZones(await super.connect());
    const startTransaction = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (level) => sendZones(await startTransaction(level));
    return adapter;
  }
}

function sendZones<Asked extends Queryable>(asked: Asked): Asked {
  const queryRaw = asked.queryRaw.bind(asked);
  const executeRaw = asked.executeRaw.bind(asked);
  asked.queryRaw = (query) => queryRaw(withZones(query));
  asked.executeRaw = (query) => executeRaw(withZones(query));
  return asked;
}

function withZones(query: Query): Query {
  if (!query.argTypes.some(isInstant)) return query;
  return {
    ...query,
    args: query.args.map((arg, n) => (isInstant(query.argTypes[n]) ? withZone(arg) : arg)),
    // As text it is sent as it stands.
    argTypes: query.argTypes.map((type) =>
      isInstant(type) ? { ...type, scalarType: "string" } : type,
    ),
  };
}

function isInstant(type: ArgType | undefined): boolean {
  return type?.scalarType === "datetime" && !/^(DATE|TIME|TIMETZ)$/.test(type.dbType ?? "");
}

function withZone(arg: unknown): unknown {
  if (Array.isArray(arg)) return arg.map(withZone);
  return arg === null ? null : new Date(arg as string | Date).toISOString();
}

/** The types of a query of Prisma's, which reads instants as if they were all printed in UTC. */
export function readZones(types: pg.CustomTypesConfig): pg.CustomTypesConfig {
  return {
    getTypeParser: ((oid: number, format?: "text") => {
      const parse = types.getTypeParser(oid, format);
      if (oid !== pg.types.builtins.TIMESTAMPTZ) return parse;
      return (text: string) => parse(inUtc(text));
    }) as pg.CustomTypesConfig["getTypeParser"],
  };
}

/** @param text as PostgreSQL prints it by `DateStyle = ISO`, to the microsecond. */
function inUtc(text: string): string {
  if (text.endsWith("+00")) return text;
  const instant = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ, "text")(text);
  return instant instanceof Date ? instant.toISOString().replace("Z", "+00") : text;
}
