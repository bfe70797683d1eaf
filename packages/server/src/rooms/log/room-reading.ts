import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { PeerIdentity } from "../../identity";
import { readAsPeer } from "../seats/read-as-peer";
import { type RoomFeed, type RoomReader, rowsPerRead } from "../stream/room-feed";
import { roomFeeds } from "../stream/room-feeds";
import { staleCursorMs } from "../stream/timing";
import { toCursor } from "./cursor";
import { findStart } from "./find-start";
import type { RoomEvent } from "./room-event";
import { type LogRow, readRoomLog } from "./room-log";

type ReadingServices = Pick<Services, "pool" | "bus" | "clock" | "log">;

/**
 * One peer's way through its room's log: what it is told, in order, and when it is over. Whatever writes streams stands
 * on this; it asks for events when `wake` is called, and takes them at its own speed.
 */
export class RoomReading implements RoomReader {
  readonly peer: PeerIdentity;
  readonly wake: () => void;
  ended: AppError | null = null;
  readonly #ctx: ReadingServices;
  readonly #presence: boolean;
  readonly #feed: RoomFeed;
  #epoch = "";
  #position = 0;
  /** Since when only what this peer is not told has come. */
  #skippedSince: number | null = null;
  #over: AppError | null = null;

  /**
   * Begins to listen. The live listener first, the log second: what happens in between is seen by both, and told once.
   * @throws AppError RATE_LIMITED when the same user or guest has too many streams open here
   */
  constructor(
    ctx: ReadingServices,
    options: { peer: PeerIdentity; presence: boolean; wake: () => void },
  ) {
    this.#ctx = ctx;
    this.peer = options.peer;
    this.wake = options.wake;
    this.#presence = options.presence;
    this.#feed = roomFeeds(ctx).open(this);
  }

  /**
   * Finds the place to read on from. Call it once, before the rest.
   * @throws AppError UNAUTHENTICATED when the peer's token became void meanwhile, ROOM_CLOSED
   */
  async start(cursor: string | null | undefined): Promise<RoomEvent[]> {
    const start = await findStart(this.#ctx, this.peer, cursor);
    this.#feed.startAt(start.lastSeq);
    this.#epoch = start.epoch;
    this.#position = start.position;
    return start.reset ? [this.#reset(start.position)] : [];
  }

  /**
   * What can be told from memory: nothing means to wait for `wake`, null that the log has to be read.
   * @throws AppError FORBIDDEN for a peer that left, was kicked or was replaced; ROOM_CLOSED
   */
  next(): RoomEvent[] | null {
    if (this.#over) throw this.#over;
    const rows = this.#feed.rowsAfter(this.#position);
    if (!rows) return null;
    const told = this.#tell(rows);
    if (told.length > 0) return told;
    if (this.#over) throw this.#over;
    // Rows first: what was said before the end is still for this peer.
    if (this.ended) throw this.ended;
    return this.#moveCursor();
  }

  /** What the log has for this peer, when `next` could not say; perhaps nothing, then ask `next` again. */
  async readLog(): Promise<RoomEvent[]> {
    const log = await readRoomLog(this.#ctx.pool, {
      roomId: this.peer.roomId,
      afterSeq: this.#position,
      limit: rowsPerRead,
    });
    if (!log) throw new AppError("ROOM_CLOSED");
    if (log.rows.length > 0 || log.lastSeq <= this.#position) return this.#tell(log.rows);
    this.#position = log.lastSeq;
    return [this.#reset(log.lastSeq)];
  }

  close(): void {
    roomFeeds(this.#ctx).close(this, this.#feed);
  }

  #tell(rows: readonly LogRow[]): RoomEvent[] {
    const told: RoomEvent[] = [];
    for (const row of rows) {
      if (row.seq !== this.#position + 1) told.push(this.#reset(row.seq - 1));
      this.#position = row.seq;
      try {
        const event = readAsPeer(row, this.peer, {
          epoch: this.#epoch,
          presence: this.#presence,
        });
        if (event) {
          this.#skippedSince = null;
          told.push(event);
        } else this.#skippedSince ??= Date.parse(row.sentAt);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        this.#over = error;
        return told;
      }
    }
    return told;
  }

  /**
   * With `presence`, a client that only sends now and then gets `room.cursor`, an empty message that moves its cursor
   * on, so that the purge of its own messages does not look like a loss to it.
   */
  #moveCursor(): RoomEvent[] {
    if (!this.#presence || this.#skippedSince === null) return [];
    const now = this.#ctx.clock.now();
    if (now.getTime() - this.#skippedSince <= staleCursorMs) return [];
    this.#skippedSince = null;
    const cursor = toCursor(this.#epoch, this.#position);
    const { peerId: from } = this.peer;
    const facts = { from, to: from, kind: "room.cursor", payload: null };
    return [{ id: cursor, data: { cursor, ...facts, sentAt: now.toISOString() } }];
  }

  #reset(seq: number): RoomEvent {
    const cursor = toCursor(this.#epoch, seq);
    return { id: cursor, data: { kind: "reset", cursor } };
  }
}
