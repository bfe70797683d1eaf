import type { Pool } from "pg";
import type { AppError } from "../../ground/errors";
import type { PeerIdentity } from "../../identity";
import { type LogRow, readRoomLog } from "../log/room-log";

/** What a feed keeps in memory for readers that are a little behind. Others read the table. */
const keptRows = 256;
/** Rows that one read of the table brings: at most 6 MiB of payloads. */
export const rowsPerRead = 200;

const none: readonly LogRow[] = [];

/** One open stream. */
export interface RoomReader {
  readonly peer: PeerIdentity;
  /** Set when the stream has to end, with what its client is told. */
  ended: AppError | null;
  /** Called whenever there is something to look at: rows, or an end. */
  wake(): void;
}

/**
 * The end of one room's log, shared by all its readers in this process: a message costs one read of the table here, or
 * none when it was sent through this process.
 */
export class RoomFeed {
  readonly readers = new Set<RoomReader>();
  readonly roomId: string;
  readonly #pool: Pool;
  readonly #onFailure: (error: unknown) => void;
  #rows: LogRow[] = [];
  /** The rows kept are those after `#start` up to `#position`, without gaps; null before the first reader knows. */
  #start = 0;
  #position: number | null = null;
  #reading = false;
  #stale = false;

  constructor(roomId: string, pool: Pool, onFailure: (error: unknown) => void) {
    this.roomId = roomId;
    this.#pool = pool;
    this.#onFailure = onFailure;
  }

  /** The number of the last row that this feed knows of. */
  get position(): number {
    return this.#position ?? 0;
  }

  /** Says where the log ends. The feed listened before that was read, so nothing falls in between. */
  startAt(lastSeq: number): void {
    if (this.#position !== null) return;
    this.#position = lastSeq;
    this.#start = lastSeq;
    if (this.#stale) this.news(null);
  }

  /** There may be rows up to this number, or, for null, any number of them. */
  news(lastSeq: number | null): void {
    if (this.#position === null) {
      this.#stale = true;
      return;
    }
    if (lastSeq !== null && lastSeq <= this.#position) return;
    this.#stale = true;
    if (!this.#reading) void this.#read();
  }

  /** Takes rows that this process committed itself, if they continue what the feed has; else it reads. */
  offer(rows: LogRow[]): void {
    const [first] = rows;
    if (first && this.#position !== null && first.seq === this.#position + 1) this.#append(rows);
    else this.news(rows.at(-1)?.seq ?? null);
  }

  /** The rows after a position: null when the table has to be asked, because the position is too far back. */
  rowsAfter(position: number): readonly LogRow[] | null {
    if (position < this.#start) return null;
    // Most ask for nothing, or for what came last, and for no copy.
    if (position >= this.position) return none;
    if (position === this.#start) return this.#rows;
    return this.#rows.slice(position - this.#start);
  }

  /** Frees what every reader has long had. */
  forgetRows(): void {
    if (this.#position === null) return;
    this.#rows = [];
    this.#start = this.#position;
  }

  endAll(error: AppError, which: (reader: RoomReader) => boolean = () => true): void {
    for (const reader of this.readers) {
      if (!which(reader)) continue;
      reader.ended ??= error;
      reader.wake();
    }
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#stale && this.readers.size > 0) {
        this.#stale = false;
        const log = await readRoomLog(this.#pool, {
          roomId: this.roomId,
          afterSeq: this.position,
          limit: rowsPerRead,
        });
        // A room that is gone altogether is noticed by the sweep, which ends its readers.
        if (!log) return;
        if (log.rows.length > 0) this.#append(log.rows);
        else if (log.lastSeq > this.position) this.#skipTo(log.lastSeq);
        if (log.lastSeq > this.position) this.#stale = true;
      }
    } catch (error) {
      this.#onFailure(error);
    } finally {
      this.#reading = false;
    }
  }

  #append(rows: LogRow[]): void {
    for (const row of rows) {
      if (row.seq <= this.position) continue;
      if (row.seq !== this.position + 1) this.#skipTo(row.seq - 1);
      this.#rows.push(row);
      this.#position = row.seq;
    }
    const surplus = this.#rows.length - keptRows;
    if (surplus > 0) {
      this.#rows.splice(0, surplus);
      this.#start += surplus;
    }
    this.#wakeAll();
  }

  /** Rows up to here were purged unread: readers who wanted them ask the table, and learn it there. */
  #skipTo(seq: number): void {
    this.#rows = [];
    this.#start = seq;
    this.#position = seq;
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const reader of this.readers) reader.wake();
  }
}
