import { AppError } from "../ground/errors";
import type { Logger } from "../ports/logger";

/** Who comes first where not all can: somebody known, somebody who says to be one, anybody. */
export const ranks = ["known", "claimed", "anybody"] as const;
export type Rank = (typeof ranks)[number];

/** Gives the slot back; to say it again changes nothing. */
export type Leave = () => void;

/** Enough to keep the database and the processor busy, few enough to be answered soon. */
const slotsPerConnection = 8;
/** As many again may wait, of which each has its turn within the time below. */
const waitingPerSlot = 2;
/** Whoever waited for this long is refused: a client that comes back later costs less than one that waits. */
const longestWaitMs = 1_000;
/** What takes longer waits for something that is not ours, such as a store or a client's line: its slot is given back. */
const longestHoldMs = 1_000;
const lookEveryMs = 50;
const logEveryMs = 60_000;
/** Clients that are refused at one time must not come back at one time. */
const retrySeconds = { least: 1, spread: 3 };
/** Credentials that were good lately. */
const mostKnown = 5_000;
const longestCredential = 4_096;

/** What is asked of a pool of connections. */
interface Connections {
  readonly waitingCount: number;
  readonly options: { readonly max?: number };
}

interface Waiter {
  sinceMs: number;
  start(leave: Leave): void;
  refuse(error: AppError): void;
}

export interface InFlightFigures {
  slots: number;
  running: number;
  waiting: number;
  /** Since the process began. */
  refused: number;
}

/**
 * How many requests a process works on at a time. Beyond that a few wait, for a second at most, and the rest is refused
 * at once: so those who are served are served as fast as ever. Where statements queue up for the database's connections,
 * nobody else is let in, however many slots are free.
 */
export class InFlight {
  readonly #pool: Connections;
  readonly #log: Logger;
  readonly #nowMs: () => number;
  /** Those at work, the oldest first. */
  readonly #running = new Set<{ sinceMs: number }>();
  readonly #waiting: Record<Rank, Waiter[]> = { known: [], claimed: [], anybody: [] };
  #refused = 0;
  #refusedSinceLog = 0;
  #loggedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #known = new Set<string>();
  #knownBefore = new Set<string>();

  constructor(options: {
    pool: Connections;
    log: Logger;
    nowMs?: () => number;
  }) {
    this.#pool = options.pool;
    this.#log = options.log;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  get figures(): InFlightFigures {
    const { slots } = this;
    return {
      slots,
      running: this.#running.size,
      waiting: this.#waitingCount,
      refused: this.#refused,
    };
  }

  get slots(): number {
    return slotsPerConnection * this.#connections;
  }

  get #connections(): number {
    return this.#pool.options.max ?? 10;
  }

  get #waitingCount(): number {
    return ranks.reduce((sum, rank) => sum + this.#waiting[rank].length, 0);
  }

  /**
   * At once where there is a slot, else once there is one.
   * @throws AppError UPSTREAM_UNAVAILABLE with `retryAfterSeconds`; where it waited, the promise rejects with it
   */
  enter(rank: Rank): Leave | Promise<Leave> {
    if (this.#waitingCount === 0 && this.#hasRoom()) return this.#start();
    if (this.#waitingCount >= waitingPerSlot * this.slots && !this.#makeRoom(rank)) {
      throw this.#busy();
    }
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref();
    return new Promise((start, refuse) => {
      this.#waiting[rank].push({ sinceMs: this.#nowMs(), start, refuse });
    });
  }

  /** That a credential turned out to be somebody's. */
  remember(credential: string): void {
    if (credential.length > longestCredential || this.#known.has(credential)) return;
    if (this.#known.size >= mostKnown) {
      this.#knownBefore = this.#known;
      this.#known = new Set();
    }
    this.#known.add(credential);
  }

  isKnown(credential: string): boolean {
    return this.#known.has(credential) || this.#knownBefore.has(credential);
  }

  #hasRoom(): boolean {
    if (this.#running.size === 0) return true;
    if (this.#pool.waitingCount > 2 * this.#connections) return false;
    if (this.#running.size < this.slots) return true;
    const youngestMs = this.#nowMs() - longestHoldMs;
    for (const one of this.#running) {
      if (one.sinceMs > youngestMs) break;
      this.#running.delete(one);
    }
    return this.#running.size < this.slots;
  }

  #start(): Leave {
    const one = { sinceMs: this.#nowMs() };
    this.#running.add(one);
    return () => {
      if (this.#running.delete(one) && this.#timer) this.#look();
    };
  }

  /** Refuses those who waited too long, and lets in whom there is room for. */
  #look(): void {
    const latestMs = this.#nowMs() - longestWaitMs;
    for (const rank of ranks) {
      const waiting = this.#waiting[rank];
      while (waiting[0] && waiting[0].sinceMs <= latestMs) waiting.shift()?.refuse(this.#busy());
    }
    for (const rank of ranks) {
      const waiting = this.#waiting[rank];
      while (waiting.length > 0 && this.#hasRoom()) waiting.shift()?.start(this.#start());
    }
    if (this.#waitingCount > 0 || !this.#timer) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Refuses the last one to come of a lower rank. @returns whether there was one */
  #makeRoom(rank: Rank): boolean {
    const lower = ranks.slice(ranks.indexOf(rank) + 1).reverse();
    for (const one of lower) {
      const last = this.#waiting[one].pop();
      last?.refuse(this.#busy());
      if (last) return true;
    }
    return false;
  }

  #busy(): AppError {
    this.#refused++;
    this.#refusedSinceLog++;
    const nowMs = this.#nowMs();
    if (nowMs - this.#loggedAtMs >= logEveryMs) {
      const { figures } = this;
      this.#log.warn(
        { ...figures, refused: this.#refusedSinceLog },
        "requests are refused for now: more come in than this process can answer",
      );
      this.#loggedAtMs = nowMs;
      this.#refusedSinceLog = 0;
    }
    const retryAfterSeconds = retrySeconds.least + Math.floor(Math.random() * retrySeconds.spread);
    return new AppError(
      "UPSTREAM_UNAVAILABLE",
      { service: "server", reason: "busy", retryAfterSeconds },
      "The server has more to do than it can. Try again in a few seconds.",
    );
  }
}
