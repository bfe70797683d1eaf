import pg from "pg";
import { createTableQualifier } from "./qualify-tables";
import type { StatementNames } from "./statement-names";
import { isTracing, traced, type Work } from "./tracing";

/** How PostgreSQL bounds what one session does, so that nobody waits for ever for another. */
export const databaseLimits = {
  /** Above what any statement of ours takes; what may take longer says so itself. */
  statementMs: 15_000,
  lockMs: 10_000,
  idleInTransactionMs: 30_000,
  /** Later than PostgreSQL's own limit: who has not even heard of that speaks into a dead connection. */
  silenceMs: 18_000,
} as const;

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

  return class DatabaseClient extends pg.Client {
    #isPooled = false;

    constructor(config?: string | pg.ClientConfig) {
      super(config);
      // A connection may break when nobody listens: before the pool has it, or between two statements of a transaction.
      // The next statement fails by it; unheard, it would end the process.
      this.on("error", () => {});
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

    /** Sets the limits where the session is ours alone. Behind a pooler they would be somebody else's a moment later. */
    async #begin(): Promise<void> {
      const { statementMs, lockMs, idleInTransactionMs } = databaseLimits;
      const { processID } = this as unknown as { processID: number | null };
      const { rowCount } = await super.query(
        `SELECT set_config('search_path', $2, false), set_config('statement_timeout', $3, false),
           set_config('lock_timeout', $4, false), set_config('idle_in_transaction_session_timeout', $5, false)
         WHERE pg_backend_pid() = $1::int`,
        [
          processID,
          pg.escapeIdentifier(settings.schema),
          String(statementMs),
          String(lockMs),
          String(idleInTransactionMs),
        ],
      );
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
      const text: string = typeof first === "string" ? first : first.text;
      const ask = () => this.#ask(first, given);
      const answer = isTracing() ? traced(statementSpan(text), ask) : ask();
      if (!done) return answer;
      answer.then((result) => done(null, result), done);
    }

    async #ask(
      given: string | pg.QueryConfig,
      values: unknown[] | undefined,
    ): Promise<pg.QueryResult> {
      const query = this.#adapt(typeof given === "string" ? { text: given } : given);
      try {
        return await super.query(query, values);
      } catch (error) {
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
        if (this.getTransactionStatus() === "E") throw error;
        const { name: _, ...nameless } = query;
        return super.query(nameless, values);
      }
    }

    #adapt(query: pg.QueryConfig): pg.QueryConfig {
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
