import pg from "pg";
import { databaseLimits } from "./database-client";
import { poolEnded } from "./database-failure";
import { DatabasePool } from "./database-pool";
import type { BorrowedClient, PoolLike } from "./pool-like";
import { createTableQualifier } from "./qualify-tables";
import { readZones } from "./zoned-adapter";

/**
 * An app's pool, asked as one of ours. Its connections keep the app's settings: every statement says where our tables are,
 * has no name (nobody knows what stands between the pool and PostgreSQL), and is bounded in time. It is never ended.
 */
export class BorrowedPool extends DatabasePool {
  readonly #theirs: PoolLike;
  readonly #qualify: (text: string) => string;

  constructor(theirs: PoolLike, schema: string) {
    super({ max: 1 });
    this.#theirs = theirs;
    // What is asked of a pool to know how busy it is, it says of theirs.
    this.options.max = theirs.options?.max ?? 10;
    Object.defineProperties(this, {
      waitingCount: { get: () => theirs.waitingCount ?? 0 },
      totalCount: { get: () => theirs.totalCount ?? 0 },
      idleCount: { get: () => theirs.idleCount ?? 0 },
    });
    this.#qualify = createTableQualifier(schema);
  }

  // biome-ignore lint/suspicious/noExplicitAny: both of its forms
  override connect(callback?: any): any {
    const client = this.#connect();
    if (!callback) return client;
    client.then(
      (opened) => callback(null, opened, (error?: Error) => opened.release(error)),
      callback,
    );
  }

  async #connect(): Promise<BorrowedClient> {
    this.#requireOpen();
    const client = await this.#theirs.connect();
    const ask = this.#asker(client);
    return new Proxy(client, {
      get(target, name) {
        if (name === "query") return ask;
        const found = Reflect.get(target, name, target);
        return typeof found === "function" ? found.bind(target) : found;
      },
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `query` are many, and all come down to this
  protected override ask(first: any, values?: any, callback?: any): any {
    return this.#asker({
      query: async (query) => {
        this.#requireOpen();
        return this.#theirs.query(query);
      },
    })(first, values, callback);
  }

  #asker(asked: Pick<BorrowedClient, "query">) {
    // biome-ignore lint/suspicious/noExplicitAny: the overloads of `query` are many, and all come down to this
    return (first: any, values?: any, callback?: any): any => {
      if (typeof first?.submit === "function") return asked.query(first, values);
      const done = typeof values === "function" ? values : callback;
      const { name: _, types, ...query } = typeof first === "string" ? { text: first } : first;
      const answer = asked.query({
        query_timeout: databaseLimits.silenceMs,
        ...query,
        types: types ? readZones(types) : pg.types,
        ...(Array.isArray(values) && { values }),
        text: this.#qualify(query.text),
      });
      if (!done) return answer;
      answer.then((result) => done(null, result), done);
    };
  }

  #requireOpen(): void {
    if (!this.#theirs.ended && !this.#theirs.ending) return;
    const message = "The pool that this server was given as database.pool was ended.";
    throw Object.assign(new Error(message), { code: poolEnded });
  }

  /** Lets go of it. */
  override end(): Promise<void>;
  override end(callback: () => void): void;
  override end(callback?: () => void): Promise<void> | undefined {
    (this as { ended: boolean }).ended = true;
    if (!callback) return Promise.resolve();
    callback();
  }
}
