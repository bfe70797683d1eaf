import { AsyncResource } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { databaseFailureOf } from "./database-failure";
import { isTracing } from "./tracing";

/** Long enough for a pooler or a failover to drop what is dead, short enough not to be noticed. */
const retryPausesMs = [50, 250];
/** Statements that only read: to run them twice is to run them once. */
const reads = /^\s*SELECT\b(?![\s\S]*\bFOR\s+(NO\s+KEY\s+UPDATE|UPDATE|SHARE|KEY\s+SHARE)\b)/i;

type PooledClient = pg.PoolClient & { connection: { stream: { destroy(): void } } };

/** A pool that repeats a read whose connection broke, and lets go of idle connections that may be dead. */
export class DatabasePool extends pg.Pool {
  readonly #idle = new Set<PooledClient>();
  /** Whether a statement failed because PostgreSQL's disk is full, and nobody has seen room since. */
  metFullDisk = false;

  constructor(config: pg.PoolConfig) {
    super(config);
    this.on("release", (_, client) => this.#idle.add(client as PooledClient));
    this.on("acquire", (client) => this.#idle.delete(client as PooledClient));
    this.on("remove", (client) => this.#idle.delete(client as PooledClient));
  }

  /** Cuts every connection that nobody uses; the next statements open others. */
  dropIdle(): void {
    for (const client of this.#idle) client.connection.stream.destroy();
    this.#idle.clear();
  }

  // biome-ignore lint/suspicious/noExplicitAny: both overloads of `connect` come down to this
  override connect(callback?: any): any {
    // Whoever waits for a connection gets it from whoever gives one back, and must not be taken for a part of that.
    return callback && isTracing()
      ? super.connect(AsyncResource.bind(callback))
      : super.connect(callback);
  }

  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `query` are many, and all come down to this
  override query(first: any, values?: any, callback?: any): any {
    const text = typeof first === "string" ? first : first?.text;
    const isOurs =
      typeof values !== "function" && callback === undefined && typeof text === "string";
    if (!isOurs || !reads.test(text)) return this.ask(first, values, callback);
    return this.#read(first, values);
  }

  /** One statement, once. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  protected ask(first: any, values?: any, callback?: any): any {
    return super.query(first, values, callback);
  }

  async #read(first: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    for (const pauseMs of retryPausesMs) {
      try {
        return await this.ask(first, values);
      } catch (error) {
        if (!isBroken(error)) throw error;
        await sleep(pauseMs);
      }
    }
    return this.ask(first, values);
  }
}

/** Whether the connection was lost, rather than that PostgreSQL itself is in trouble. */
function isBroken(error: unknown): boolean {
  if (databaseFailureOf(error) !== "away") return false;
  // Who could not connect at all has waited already.
  return !/ECONNREFUSED|ENOTFOUND|EAI_AGAIN/.test(String((error as { code?: string }).code));
}
