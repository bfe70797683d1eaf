import pg from "pg";
import { createTableQualifier } from "./qualify-tables";
import type { StatementNames } from "./statement-names";
import { isTracing, traced, type Work } from "./tracing";
import { readZones } from "./zoned-adapter";

/** How PostgreSQL bounds what one session does, so that nobody waits for ever for another. */
export const databaseLimits = {
  /** Above what any statement of ours takes; what may take longer says so itself. */
  statementMs: 15_000,
  lockMs: 10_000,
  idleInTransactionMs: 30_000,
  /** Later than PostgreSQL's own limit: who has not even heard of that speaks into a dead connection. */
  silenceMs: 18_000,
} as const;

/** What a database or a role may have of its own, and Prisma and node-postgres take for granted. Poolers pass these two on. */
const startupParameters = { TimeZone: "UTC", DateStyle: "ISO, MDY" };
/** The same of what poolers refuse at the start: how numbers are printed, and that a statement sees what was committed meanwhile. */
const takenForGranted: [name: string, value: string][] = [
  ["IntervalStyle", "postgres"],
  ["default_transaction_isolation", "read committed"],
];

/** What the connections of one pool have in common. */
export interface SessionSettings {
  schema: string;
  /** Whether statements keep their names. Behind a transaction pooler a name is another session's, or nobody's. */
  names: StatementNames;
  /** Told once: names are dropped from now on. */
  onNamesDropped(why: string): void;
  /** A connection turned out to be dead: others that were open with it may be as well. */
  onSilence(): void;
  /** A statement failed because PostgreSQL has no room on its disk. */
  onDiskFull(): void;
}

/** The names of statements clash between sessions: 42P05 there already, 26000 not there; 0A000 an old plan of a changed table. */
const nameFailures = new Set(["42P05", "26000"]);
const silence = "Query read timeout";

type ConnectCallback = ((error: Error) => void) | ((error: null, client: pg.Client) => void);
type Callback = (error: Error | null, result?: pg.QueryResult) => void;

/**
 * The class of a pool's connections. They are bounded in time, keep to one schema, and stand a transaction pooler between
 * themselves and PostgreSQL: they notice one by the number of the session, which is not the one that was announced.
 */
export function createClientClass(settings: SessionSettings): typeof pg.Client {
  const qualify = createTableQualifier(settings.schema);
  const settled: [name: string, value: string][] = [
    ["search_path", pg.escapeIdentifier(settings.schema)],
    ["statement_timeout", String(databaseLimits.statementMs)],
    ["lock_timeout", String(databaseLimits.lockMs)],
    ["idle_in_transaction_session_timeout", String(databaseLimits.idleInTransactionMs)],
    ...takenForGranted,
  ];
  const settle = settled.map(([name], n) => `set_config('${name}', $${n + 2}, false)`).join(", ");

  return class DatabaseClient extends pg.Client {
    #isPooled = false;

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      // A connection may break when nobody listens: before the pool has it, or between two statements of a transaction.
      // The next statement fails by it; unheard, it would end the process.
      this.on("error", () => {});
    }

    /** node-postgres has no option for what is said at the start of a session. */
    getStartupConf(): Record<string, string> {
      const parent = pg.Client.prototype as unknown as {
        getStartupConf(): Record<string, string>;
      };
      return { ...parent.getStartupConf.call(this), ...startupParameters };
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: ConnectCallback): void;
    // pg-pool hands in a callback, everybody else awaits.
    override connect(callback?: ConnectCallback): Promise<pg.Client> | undefined {
      const ready = super.connect().then(async () => {
        await this.#begin();
        return this as pg.Client;
      });
      if (!callback) return ready;
      const done = callback as (error: Error | null, client?: pg.Client) => void;
      ready.then((client) => done(null, client), done);
    }

    /** Settles the session where it is ours alone. Behind a pooler it would be somebody else's a moment later. */
    async #begin(): Promise<void> {
      const { processID } = this as unknown as { processID: number | null };
      const { rowCount } = await super.query(`SELECT ${settle} WHERE pg_backend_pid() = $1::int`, [
        processID,
        ...settled.map(([, value]) => value),
      ]);
      this.#isPooled = rowCount === 0;
      if (this.#isPooled && settings.names === "auto") {
        dropNames("a pooler stands between this server and PostgreSQL");
      }
    }

    // biome-ignore lint/suspicious/noExplicitAny: the overloads of `query` are many, and all come down to this
    override query(first: any, values?: any, callback?: any): any {
      // A stream that submits itself, as COPY does.
      if (typeof first?.submit === "function") return super.query(first, values, callback);
      const done: Callback | undefined = typeof values === "function" ? values : callback;
      const given = typeof values === "function" ? undefined : values;
      const query = this.#adapt(typeof first === "string" ? { text: first } : first);
      if (done && !isTracing()) return this.#tell(query, given, done);
      const ask = () => this.#ask(query, given);
      const answer = isTracing() ? traced(statementSpan(query.text), ask) : ask();
      if (!done) return answer;
      answer.then((result) => done(null, result), done);
    }

    async #ask(query: pg.QueryConfig, values: unknown[] | undefined): Promise<pg.QueryResult> {
      try {
        return await super.query(query, values);
      } catch (error) {
        return this.#retry(error, query, values);
      }
    }

    /** The same by callback, as a pool asks: a busy server would make the promises of `#ask` for each statement. */
    #tell(query: pg.QueryConfig, values: unknown[] | undefined, done: Callback): void {
      // A copy: some releases of node-postgres leave the callback in what they are handed, and it is asked again by that.
      super.query({ ...query, ...(values && { values }) }, (error: Error | null, result) => {
        if (!error) return done(null, result);
        this.#retry(error, query, values).then((again) => done(null, again), done);
      });
    }

    /** Once more without its name, where it failed by that; throws the failure where not. */
    async #retry(
      error: unknown,
      query: pg.QueryConfig,
      values: unknown[] | undefined,
    ): Promise<pg.QueryResult> {
      const { code, message } = error as { code?: string; message?: string };
      if (message === silence) {
        // Nobody else should wait for it as long again.
        (
          this as unknown as { connection: { stream: { destroy(): void } } }
        ).connection.stream.destroy();
        settings.onSilence();
      }
      if (code === "53100") settings.onDiskFull();
      const isStalePlan = code === "0A000" && message?.includes("cached plan");
      if (!query.name || !(isStalePlan || nameFailures.has(code ?? ""))) throw error;
      if (!isStalePlan) dropNames(`PostgreSQL answered ${code} to the name of a statement`);
      // Refused before it was run. A transaction has failed with it, and is repeated as a whole by whoever began it.
      if (statusOf(this) === "E") throw error;
      const { name: _, ...nameless } = query;
      return super.query(nameless, values);
    }

    #adapt(given: pg.QueryConfig): pg.QueryConfig {
      // A pooler may have dropped the time zone that was asked for at the start.
      const query = given.types ? { ...given, types: readZones(given.types) } : given;
      const isNamed = query.name !== undefined && settings.names !== "off";
      const isElsewhere = this.#isPooled && settings.schema !== "public";
      if (isNamed && !isElsewhere) return query;
      const { name, ...rest } = query;
      return {
        ...rest,
        ...(isNamed && { name }),
        text: isElsewhere ? qualify(query.text) : query.text,
      };
    }
  } as typeof pg.Client;

  function dropNames(why: string): void {
    if (settings.names === "off") return;
    settings.names = "off";
    settings.onNamesDropped(why);
  }
}

/** Releases of node-postgres before 8.21 do not say it. */
function statusOf(client: { getTransactionStatus?(): string | null }): string | null {
  return client.getTransactionStatus?.() ?? null;
}

/** By what it does and to what, as `SELECT File`; the whole text has parameters in the place of values. */
function statementSpan(text: string): Work {
  const [, operation = "SQL"] = /^\s*(\w+)/.exec(text) ?? [];
  const [, table] = /\b(?:FROM|INTO|UPDATE)\s+(?:"?\w+"?\.)?"?(\w+)/i.exec(text) ?? [];
  const verb = operation.toUpperCase();
  return {
    name: table ? `${verb} ${table}` : verb,
    kind: "CLIENT",
    attributes: {
      "db.system.name": "postgresql",
      "db.operation.name": verb,
      "db.query.text": text,
    },
  };
}
