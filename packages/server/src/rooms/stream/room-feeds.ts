import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { RoomBus } from "../../ports/room-bus";
import type { LogRow } from "../log/room-log";
import { isRoomOver } from "../log/room-state";
import { RoomFeed, type RoomReader } from "./room-feed";
import { seenStepSeconds } from "./timing";

type FeedServices = Pick<Services, "pool" | "bus" | "clock" | "log">;

/** How often all followed rooms are looked at in one statement: as a safety net, and as the only source without a bus. */
const sweepMs = { withBus: 5_000, withoutBus: 500 };

/** Streams that one user, or one guest, may have open in one process. */
const maxStreams = 10;

interface RoomHead {
  id: string;
  lastSeq: string;
  closedAt: Date | null;
  expiresAt: Date;
}

interface Followed {
  feed: RoomFeed;
  /** Ends the subscription to the bus. */
  stop: () => void;
  /** Where the feed stood at the last sweep. */
  sweptPosition: number;
}

/** The rooms that streams of this process follow. */
class RoomFeeds {
  readonly #ctx: FeedServices;
  readonly #feeds = new Map<string, Followed>();
  readonly #streams = new Map<string, number>();
  #sweepTimer: NodeJS.Timeout | undefined;
  #failed = false;
  #touchedAt = 0;

  constructor(ctx: FeedServices) {
    this.#ctx = ctx;
  }

  /**
   * Begins to listen for one stream.
   * @throws AppError RATE_LIMITED when the same user or guest has too many streams open here
   */
  open(reader: RoomReader): RoomFeed {
    const { userId, peerId, roomId } = reader.peer;
    const owner = userId ?? peerId;
    const open = this.#streams.get(owner) ?? 0;
    if (open >= maxStreams) {
      throw new AppError("RATE_LIMITED", { maxStreams, retryAfterSeconds: seenStepSeconds });
    }
    this.#streams.set(owner, open + 1);
    const { feed } = this.#feeds.get(roomId) ?? this.#follow(roomId);
    feed.readers.add(reader);
    this.#scheduleSweep();
    return feed;
  }

  close(reader: RoomReader, feed: RoomFeed): void {
    if (!feed.readers.delete(reader)) return;
    const { userId, peerId, roomId } = reader.peer;
    const owner = userId ?? peerId;
    const left = (this.#streams.get(owner) ?? 1) - 1;
    if (left > 0) this.#streams.set(owner, left);
    else this.#streams.delete(owner);
    const followed = this.#feeds.get(roomId);
    if (feed.readers.size > 0 || followed?.feed !== feed) return;
    followed.stop();
    this.#feeds.delete(roomId);
    if (this.#feeds.size > 0) return;
    clearTimeout(this.#sweepTimer);
    this.#sweepTimer = undefined;
  }

  /** Hands rows that this process just committed to the streams here, so that they need not be read again. */
  offer(roomId: string, rows: LogRow[]): void {
    this.#feeds.get(roomId)?.feed.offer(rows);
  }

  #follow(roomId: string) {
    const feed = new RoomFeed(roomId, this.#ctx.pool, (error) => {
      this.#ctx.log.warn({ err: error, roomId }, "a room's log could not be read; trying again");
      this.#failed = true;
      this.#scheduleSweep();
    });
    const stop = this.#ctx.bus.subscribe(roomId, (lastSeq) => feed.news(lastSeq));
    const entry = { feed, stop, sweptPosition: 0 };
    this.#feeds.set(roomId, entry);
    return entry;
  }

  #scheduleSweep(): void {
    if (this.#sweepTimer && !this.#failed) return;
    clearTimeout(this.#sweepTimer);
    const isHealthy = this.#ctx.bus.live && !this.#failed;
    this.#sweepTimer = setTimeout(
      () => void this.#sweep(),
      isHealthy ? sweepMs.withBus : sweepMs.withoutBus,
    ).unref();
  }

  /** Notices what nobody announced: a process that died between commit and notification, a room whose time is up. */
  async #sweep(): Promise<void> {
    try {
      await this.#lookAtRooms();
      const now = this.#ctx.clock.now();
      if (Math.abs(now.getTime() - this.#touchedAt) >= seenStepSeconds * 1000) {
        this.#touchedAt = now.getTime();
        await this.#touchPeers(now);
      }
      this.#failed = false;
    } catch (error) {
      this.#ctx.log.warn({ err: error }, "the rooms followed here could not be looked at");
      this.#failed = true;
    }
    clearTimeout(this.#sweepTimer);
    this.#sweepTimer = undefined;
    if (this.#feeds.size > 0) this.#scheduleSweep();
  }

  async #lookAtRooms(): Promise<void> {
    const asked = [...this.#feeds.values()];
    const { rows } = await this.#ctx.pool.query<RoomHead>({
      name: "room-heads",
      text: `SELECT "id", "lastSeq", "closedAt", "expiresAt" FROM "Room" WHERE "id" = ANY($1)`,
      values: [asked.map(({ feed }) => feed.roomId)],
    });
    const heads = new Map(rows.map((row) => [row.id, row]));
    for (const followed of asked) {
      const { feed } = followed;
      const head = heads.get(feed.roomId);
      if (!head) feed.endAll(new AppError("ROOM_CLOSED"));
      else if (Number(head.lastSeq) > feed.position) feed.news(Number(head.lastSeq));
      // Only when its last messages are out.
      else if (isRoomOver(this.#ctx, head)) feed.endAll(new AppError("ROOM_CLOSED"));
      if (feed.position === followed.sweptPosition) feed.forgetRows();
      followed.sweptPosition = feed.position;
    }
  }

  /** Keeps the peers with open streams online, and ends the streams of those that sit here no more. */
  async #touchPeers(now: Date): Promise<void> {
    const feeds = [...this.#feeds.values()].map(({ feed }) => feed);
    const readers = feeds.flatMap((feed) => [...feed.readers]);
    const { rows } = await this.#ctx.pool.query<{ id: string; connection: number }>({
      name: "touch-peers",
      // Rows that another process is touching are skipped: two statements over the same rows could block each other.
      text: `WITH touched AS (
          UPDATE "Peer" SET "lastSeenAt" = $2 WHERE "id" IN (
            SELECT "id" FROM "Peer" WHERE "id" = ANY($1) AND "leftAt" IS NULL FOR NO KEY UPDATE SKIP LOCKED)
        )
        SELECT "id", "connection" FROM "Peer" WHERE "id" = ANY($1) AND "leftAt" IS NULL`,
      values: [[...new Set(readers.map(({ peer }) => peer.peerId))], now],
    });
    const current = new Map(rows.map(({ id, connection }) => [id, connection]));
    const known = new Set(readers);
    for (const feed of feeds) {
      feed.endAll(
        new AppError("FORBIDDEN", { reason: "left" }),
        (reader) => known.has(reader) && current.get(reader.peer.peerId) !== reader.peer.connection,
      );
    }
  }
}

// A process has one of each; tests have several side by side.
const feedsOf = new WeakMap<RoomBus, RoomFeeds>();

export function roomFeeds(ctx: FeedServices): RoomFeeds {
  const known = feedsOf.get(ctx.bus);
  if (known) return known;
  // By name: a request's context must not live on in it.
  const { pool, bus, clock, log } = ctx;
  const feeds = new RoomFeeds({ pool, bus, clock, log });
  feedsOf.set(bus, feeds);
  return feeds;
}
