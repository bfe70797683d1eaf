import { limits } from "@fermata/contract";
import { type FermataError, toFermataError } from "../api-error";
import { backoffMs } from "./backoff";
import { jsonOf } from "./json-of";
import { randomId } from "./random-id";
import { WakeUp } from "./wake-up";

export interface OutgoingMessage {
  to?: string;
  kind: string;
  payload: unknown;
}

interface Waiting {
  message: OutgoingMessage;
  /** UTF-16 units of its JSON: near enough to bytes for filling a request. */
  size: number;
  resolve(): void;
  reject(error: FermataError): void;
}

export interface OutboxOptions {
  /** One request: all of the messages are stored, or none; with the same key never again. */
  post(batch: {
    to?: string;
    messages: { kind: string; payload: unknown }[];
    sendKey: string;
    /** The key of the batch that this one comes behind, while that one has no answer yet. */
    after?: string;
  }): Promise<unknown>;
  /** The room token is void: sending stops until `open`. */
  onUnauthenticated(): void;
  /** `isLate` is another now. */
  onLate(): void;
}

/** Messages that went out together, and may have arrived: they stay together, under the same key, until there is an answer. */
interface Batch {
  key: string;
  waiting: Waiting[];
  isUnderWay: boolean;
  /** What became of it, where that is no success. */
  error: FermataError | null;
}

/** Well under the server's limit for one body. */
const batchSize = limits.jsonBodyBytes / 4;
/** A failure that may be a bug over there is not tried for ever. */
const internalAttempts = 3;
/** A request that takes so long, or four that failed until then, are no hiccup. */
const lateMs = 5_000;
/** What a round trip is taken for before the first one, and at most. */
const roundTripMs = { first: 40, most: 250 };
/** How much of a new round trip counts beside those before it. */
const newestShare = 0.25;

/**
 * What waits to be sent through the server: everything that waits for the same receiver in one request, and as many
 * requests under way as the server keeps in order, so that nothing waits for an answer to what was said before. After a
 * failure there is one at a time, until what failed is through. A failing network delays, loses nothing and doubles nothing.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #pause = new WakeUp();
  /** What no request has taken yet. */
  #queue: Waiting[] = [];
  /** In order: under way, or to be sent again. */
  #batches: Batch[] = [];
  #most = 1;
  #isOpen = false;
  #isMending = false;
  #gatherTimer: ReturnType<typeof setTimeout> | undefined;
  #lastSentAt = 0;
  #roundTripMs = roundTripMs.first;
  #lateTimer: ReturnType<typeof setTimeout> | undefined;
  #isLate = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** Whether the server has answered nothing for long: a stream that stands says nothing of that. */
  get isLate(): boolean {
    return this.#isLate;
  }

  /** @throws FermataError when it is no JSON, the server refuses it, or the outbox is emptied first */
  push(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const size = jsonOf(message)?.length ?? 0;
      this.#queue.push({ message, size, resolve, reject });
      // What is pushed in one go travels together.
      queueMicrotask(() => this.#send());
    });
  }

  /** @param underWay how many requests the server keeps in order */
  open({ underWay = 1 } = {}): void {
    this.#most = underWay;
    this.#isOpen = true;
    this.nudge();
  }

  /** Keeps what waits, and what comes, until `open`. */
  close(): void {
    this.#isOpen = false;
    this.#awaitAnswer(false);
    this.#isLate = false;
  }

  /** Does not wait any longer for the next attempt. */
  nudge(): void {
    this.#pause.wake();
    this.#send();
  }

  /** Gives up on what waits, or on some of it. */
  drop(error: FermataError, which: (message: OutgoingMessage) => boolean = () => true): void {
    const isKept = ({ message }: Waiting) => !which(message);
    const dropped: Waiting[] = [];
    const keep = (all: Waiting[]) => {
      dropped.push(...all.filter((waiting) => !isKept(waiting)));
      return all.filter(isKept);
    };
    for (const batch of this.#batches) batch.waiting = keep(batch.waiting);
    this.#queue = keep(this.#queue);
    for (const { reject } of dropped) reject(error);
  }

  #send({ isGathered = false } = {}): void {
    if (!this.#isOpen || this.#isMending) return;
    if (this.#batches.some(({ isUnderWay }) => !isUnderWay)) {
      // What is behind a failure fails as well, or is through: then it is clear what to send again.
      if (this.#batches.every(({ isUnderWay }) => !isUnderWay)) void this.#mend();
      return;
    }
    while (this.#queue.length > 0 && this.#batches.length < this.#most) {
      const waiting = this.#nextWaiting();
      const isFull = waiting.length < this.#queue.length;
      const last = this.#batches.at(-1);
      const waitMs = isFull || isGathered ? 0 : this.#gapLeftMs();
      if (waitMs > 0) {
        this.#gatherTimer ??= setTimeout(() => {
          this.#gatherTimer = undefined;
          this.#send({ isGathered: true });
        }, waitMs);
        return;
      }
      this.#queue.splice(0, waiting.length);
      this.#lastSentAt = performance.now();
      const batch = newBatch(waiting);
      this.#batches.push(batch);
      void this.#post(batch, last?.key).then((error) => {
        batch.error = error;
        // What waits has waited for long enough.
        this.#send({ isGathered: true });
      });
    }
  }

  /**
   * Requests that may be under way are spread over a round trip, and a little closer, since timers are late: what comes close together
   * goes together, and what comes at longer intervals waits for nothing.
   */
  #gapLeftMs(): number {
    if (this.#batches.length === 0) return 0;
    return this.#lastSentAt + this.#roundTripMs / (this.#most + 1) - performance.now();
  }

  /** Sends again what failed: one after the other, and at last each message on its own, so that only a bad one fails. */
  async #mend(): Promise<void> {
    this.#isMending = true;
    let failures = 0;
    // The others failed with it, or because of it.
    let error = this.#batches[0]?.error ?? null;
    for (const batch of this.#batches) batch.error = null;
    while (this.#isOpen) {
      const [batch] = this.#batches;
      if (!batch) break;
      if (batch.waiting.length === 0) {
        this.#batches.shift();
        error = null;
        continue;
      }
      if (!error || isEarly(error)) error = await this.#post(batch);
      if (!error) {
        failures = 0;
        continue;
      }
      failures++;
      if (error.code === "UNAUTHENTICATED") {
        this.#isOpen = false;
        this.#options.onUnauthenticated();
      } else if (mayHeal(error, failures)) {
        await this.#pause.sleep(retryAfterMs(error) ?? backoffMs(failures));
      } else {
        failures = 0;
        this.#batches.shift();
        const [first, ...others] = batch.waiting;
        if (others.length === 0) first?.reject(error);
        else this.#batches.unshift(...batch.waiting.map((waiting) => newBatch([waiting])));
      }
      error = null;
    }
    this.#isMending = false;
    this.#send();
  }

  /** @returns the failure; null once the server has the batch, which is settled then */
  async #post(batch: Batch, after?: string): Promise<FermataError | null> {
    batch.isUnderWay = true;
    if (!this.#lateTimer) this.#awaitAnswer(true);
    const messages = batch.waiting.map(({ message: { kind, payload } }) => ({ kind, payload }));
    const to = batch.waiting[0]?.message.to;
    const sentAt = performance.now();
    const error = await this.#options
      .post({ to, messages, sendKey: batch.key, ...(after && { after }) })
      .then(() => null, toFermataError);
    batch.isUnderWay = false;
    if (!error) {
      const tookMs = Math.min(performance.now() - sentAt, roundTripMs.most);
      this.#roundTripMs += newestShare * (tookMs - this.#roundTripMs);
      this.#batches.splice(this.#batches.indexOf(batch), 1);
      for (const { resolve } of batch.waiting) resolve();
    }
    if (!error || !isAway(error)) {
      this.#awaitAnswer(this.#batches.some(({ isUnderWay }) => isUnderWay));
      this.#setLate(false);
    }
    return error;
  }

  /** @param isAwaited whether something has its time from here on */
  #awaitAnswer(isAwaited: boolean): void {
    clearTimeout(this.#lateTimer);
    this.#lateTimer = isAwaited ? setTimeout(() => this.#setLate(true), lateMs) : undefined;
  }

  #setLate(isLate: boolean): void {
    if (!this.#isOpen || this.#isLate === isLate) return;
    this.#isLate = isLate;
    this.#options.onLate();
  }

  #nextWaiting(): Waiting[] {
    const to = this.#queue[0]?.message.to;
    let size = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      size += waiting.size;
      const isOver = count === limits.signaling.messagesPerSend || (count > 0 && size > batchSize);
      if (isOver || waiting.message.to !== to) break;
      count++;
    }
    return this.#queue.slice(0, count);
  }
}

function newBatch(waiting: Waiting[]): Batch {
  return { key: randomId(), waiting, isUnderWay: false, error: null };
}

/** It came before the one that it is to follow, and is sent again without that. */
function isEarly({ code, details }: FermataError): boolean {
  return code === "CONFLICT" && details?.field === "after";
}

function mayHeal(error: FermataError, failures: number): boolean {
  if (isAway(error) || error.code === "RATE_LIMITED") return true;
  return error.code === "INTERNAL" && failures < internalAttempts;
}

function isAway({ code }: FermataError): boolean {
  return code === "NETWORK" || code === "UPSTREAM_UNAVAILABLE";
}

/** How long the server asked to wait. */
export function retryAfterMs({ details }: FermataError): number | null {
  const seconds = details?.retryAfterSeconds;
  return typeof seconds === "number" ? seconds * 1000 : null;
}
