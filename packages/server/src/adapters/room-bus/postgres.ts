import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { readDatabaseUrl } from "../../ground/database-address";
import { newId } from "../../ground/secrets";
import type { Logger } from "../../ports/logger";
import type { RoomBus } from "../../ports/room-bus";
import { LocalReaders } from "./local-readers";
import { PendingNews } from "./pending-news";

/** Another installation in the same database has another schema, and news of its own. */
function channelOf(schema: string): string {
  if (schema === "public") return "fermata_rooms";
  return `fermata_rooms_${createHash("sha256").update(schema).digest("hex").slice(0, 16)}`;
}

/** A statement that is not answered for so long is into a connection that is dead. */
const queryTimeoutMs = 5_000;
/** A connection that hears nothing for this long is asked whether it still can. */
const probeMs = 20_000;
/** LISTEN through a transaction pooler succeeds and then stays silent: that is how long we wait for our own echo. */
const echoMs = 3_000;
const retryMs = { first: 100, most: 5_000 };
/** Between two announcements: under load, a few hundred statements a second tell of any number of messages. */
const announceEveryMs = 4;

/**
 * Room news between processes over LISTEN and NOTIFY: one connection a process, readers of the same process first.
 * It connects by itself, and again after every loss; each time all readers are told to look.
 * @param options.connectionString a direct URL: behind a transaction pooler nothing would be heard, and readers poll
 */
export function createPostgresRoomBus(options: { connectionString: string; log: Logger }): RoomBus {
  const { connectionString, schema } = readDatabaseUrl(options.connectionString);
  return new PostgresRoomBus({ connectionString }, schema, options.log);
}

/** The same where node-postgres is told in another way where PostgreSQL is. */
export function createRoomBusOn(options: {
  config: pg.ClientConfig;
  schema: string;
  log: Logger;
}): RoomBus {
  return new PostgresRoomBus(options.config, options.schema, options.log);
}

async function isSession(client: pg.Client): Promise<boolean> {
  const { processID } = client as unknown as { processID: number | null };
  const { rowCount } = await client.query("SELECT WHERE pg_backend_pid() = $1::int", [processID]);
  return rowCount === 1;
}

class PostgresRoomBus implements RoomBus {
  readonly #readers = new LocalReaders();
  readonly #pending = new PendingNews();
  /** Tells our own notifications from those of other processes. */
  readonly #origin = newId();
  readonly #config: pg.ClientConfig;
  readonly #channel: string;
  readonly #log: Logger;
  #client: pg.Client | null = null;
  #live = false;
  #isPooled = false;
  #awaitsEcho = false;
  #warnedOfSilence = false;
  #closed = false;
  #flushing: Promise<void> | null = null;
  #failures = 0;
  #retryTimer: NodeJS.Timeout | undefined;
  #probeTimer: NodeJS.Timeout | undefined;

  constructor(config: pg.ClientConfig, schema: string, log: Logger) {
    this.#config = config;
    this.#channel = channelOf(schema);
    this.#log = log;
    void this.#connect();
  }

  get live(): boolean {
    return this.#live;
  }

  publish(roomId: string, lastSeq: number): void {
    this.#readers.tell(roomId, lastSeq);
    this.#pending.add(roomId, lastSeq);
    this.#flush();
  }

  subscribe(roomId: string, onNews: (lastSeq: number | null) => void): () => void {
    return this.#readers.add(roomId, onNews);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#probeTimer);
    this.#readers.clear();
    // What was published last is still announced: readers elsewhere should not have to find it by looking.
    await this.#flushing;
    const client = this.#client;
    this.#client = null;
    this.#live = false;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({
      ...this.#config,
      connectionTimeoutMillis: 5_000,
      query_timeout: queryTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    // Unheard, a lost connection's error would end the process.
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client));
    client.on("notification", ({ payload = "" }) => this.#hear(payload));
    try {
      await client.connect();
      // Behind a transaction pooler what is set for a session is somebody else's a moment later, and nothing is heard.
      this.#isPooled = !(await isSession(client));
      if (!this.#isPooled) {
        // NOTIFY commits a transaction; nothing in it is worth waiting for the disk.
        await client.query("SET synchronous_commit = off");
        await client.query(`LISTEN ${this.#channel}`);
      }
    } catch (error) {
      this.#lost(client, error);
      return;
    }
    if (this.#closed) {
      await client.end().catch(() => undefined);
      return;
    }
    this.#client = client;
    this.#failures = 0;
    // What was announced while nobody listened is gone; the rows are not.
    this.#readers.tellAll();
    this.#flush();
    this.#probe(client);
  }

  #lost(client: pg.Client, error?: unknown): void {
    if (this.#closed) return;
    const wasOurs = this.#client === client;
    // A failed connect reports twice: by its promise and as an event.
    if (!wasOurs && (this.#client || this.#retryTimer)) return;
    this.#client = null;
    this.#live = false;
    this.#awaitsEcho = false;
    clearTimeout(this.#probeTimer);
    const waitMs = Math.min(retryMs.first * 2 ** this.#failures++, retryMs.most);
    this.#log.warn(
      { err: error, waitMs },
      "the room bus lost PostgreSQL; rooms are polled until it is back",
    );
    this.#retryTimer = setTimeout(
      () => {
        this.#retryTimer = undefined;
        void this.#connect();
      },
      waitMs * (0.5 + Math.random() / 2),
    ).unref();
    void client.end().catch(() => undefined);
  }

  /** Sends ourselves a notification: its echo shows that others' arrive as well. */
  #probe(client: pg.Client): void {
    this.#awaitsEcho = true;
    client
      .query("SELECT pg_notify($1, $2)", [this.#channel, this.#origin])
      .catch((error) => this.#lost(client, error));
    this.#probeTimer = setTimeout(() => this.#judgeEcho(client), echoMs).unref();
  }

  #judgeEcho(client: pg.Client): void {
    if (this.#client !== client) return;
    if (this.#awaitsEcho && this.#live) {
      this.#lost(client, new Error("the connection no longer hears its own notifications"));
      return;
    }
    if (this.#awaitsEcho && !this.#warnedOfSilence) {
      this.#warnedOfSilence = true;
      this.#log.warn(
        {},
        "PostgreSQL delivers no notifications here (a transaction pooler?); rooms are polled. Set DATABASE_DIRECT_URL.",
      );
    }
    this.#probeTimer = setTimeout(() => this.#probe(client), probeMs).unref();
  }

  #hear(payload: string): void {
    const [origin, ...news] = payload.split(" ");
    if (origin === this.#origin) {
      this.#awaitsEcho = false;
      this.#live = true;
      return;
    }
    for (const item of news) {
      if (item === "*") this.#readers.tellAll();
      const colon = item.lastIndexOf(":");
      if (colon > 0) this.#readers.tell(item.slice(0, colon), Number(item.slice(colon + 1)));
    }
  }

  #flush(): void {
    if (this.#flushing || !this.#client || this.#closed) return;
    this.#flushing = this.#announce(this.#client).finally(() => {
      this.#flushing = null;
    });
  }

  /** News that comes after silence is told at once; while it is, and for a moment after, the next gathers. */
  async #announce(client: pg.Client): Promise<void> {
    while (this.#client === client) {
      const news = this.#pending.take();
      if (news.length === 0) return;
      try {
        await client.query({
          ...(!this.#isPooled && { name: "room-news" }),
          text: "SELECT pg_notify($1, $2)",
          values: [this.#channel, [this.#origin, ...news].join(" ")],
        });
      } catch (error) {
        // Either the connection is lost, and its successor announces, or PostgreSQL refused, and pausing helps.
        this.#pending.addEverything();
        this.#lost(client, error);
        return;
      }
      await sleep(announceEveryMs);
    }
  }
}
