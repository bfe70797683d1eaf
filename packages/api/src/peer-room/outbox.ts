import { limits } from "@fermata/contract";
import { type FermataError, toFermataError } from "../api-error";
import { backoffMs } from "./backoff";
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
  }): Promise<unknown>;
  /** The room token is void: sending stops until `open`. */
  onUnauthenticated(): void;
}

/** Messages that went out together, and may have arrived: they stay together, under the same key, until there is an answer. */
interface Batch {
  key: string;
  waiting: Waiting[];
}

/** Well under the server's limit for one body. */
const batchSize = limits.jsonBodyBytes / 4;
/** A failure that may be a bug over there is not tried for ever. */
const internalAttempts = 3;

/**
 * What waits to be sent through the server: one request at a time, so that order holds, and everything that waits for the
 * same receiver in one request. A failing network delays, loses nothing and doubles nothing.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #pause = new WakeUp();
  #queue: Waiting[] = [];
  #underWay: Batch | null = null;
  #isOpen = false;
  #isSending = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  /** @throws FermataError when the server refuses the message, or the outbox is emptied first */
  push(message: OutgoingMessage): Promise<void> {
    return new Promise((resolve, reject) => {
      const size = JSON.stringify(message).length;
      this.#queue.push({ message, size, resolve, reject });
      // What is pushed in one go travels together.
      queueMicrotask(() => void this.#send());
    });
  }

  open(): void {
    this.#isOpen = true;
    this.nudge();
  }

  /** Keeps what waits, and what comes, until `open`. */
  close(): void {
    this.#isOpen = false;
  }

  /** Does not wait any longer for the next attempt. */
  nudge(): void {
    this.#pause.wake();
    void this.#send();
  }

  /** Gives up on what waits, or on some of it. */
  drop(error: FermataError, which: (message: OutgoingMessage) => boolean = () => true): void {
    const dropped = this.#queue.filter(({ message }) => which(message));
    this.#queue = this.#queue.filter((waiting) => !dropped.includes(waiting));
    for (const { reject } of dropped) reject(error);
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    let failures = 0;
    // After a refusal of several messages, they go one by one: only the bad one is to fail.
    let alone = 0;
    while (this.#isOpen && this.#queue.length > 0) {
      this.#underWay ??= {
        key: randomId(),
        waiting: this.#nextBatch(alone > 0 ? 1 : limits.signaling.messagesPerSend),
      };
      const { key: sendKey } = this.#underWay;
      const batch = this.#underWay.waiting.filter((waiting) => this.#queue.includes(waiting));
      const [first] = batch;
      if (!first) {
        this.#underWay = null;
        continue;
      }
      try {
        const messages = batch.map(({ message: { kind, payload } }) => ({ kind, payload }));
        await this.#options.post({ to: first.message.to, messages, sendKey });
        failures = 0;
        this.#underWay = null;
        alone = Math.max(0, alone - 1);
        this.#settle(batch, ({ resolve }) => resolve());
      } catch (thrown) {
        const error = toFermataError(thrown);
        failures++;
        if (error.code === "UNAUTHENTICATED") {
          this.#isOpen = false;
          this.#options.onUnauthenticated();
        } else if (mayHeal(error, failures)) {
          await this.#pause.sleep(retryAfterMs(error) ?? backoffMs(failures));
        } else if (batch.length > 1) {
          this.#underWay = null;
          alone = batch.length;
        } else {
          this.#underWay = null;
          failures = 0;
          alone = Math.max(0, alone - 1);
          this.#settle(batch, ({ reject }) => reject(error));
        }
      }
    }
    this.#isSending = false;
  }

  #nextBatch(most: number): Waiting[] {
    const to = this.#queue[0]?.message.to;
    let size = 0;
    let count = 0;
    for (const waiting of this.#queue) {
      size += waiting.size;
      if (count === most || waiting.message.to !== to || (count > 0 && size > batchSize)) break;
      count++;
    }
    return this.#queue.slice(0, count);
  }

  #settle(batch: Waiting[], how: (waiting: Waiting) => void): void {
    this.#queue = this.#queue.filter((waiting) => !batch.includes(waiting));
    for (const waiting of batch) how(waiting);
  }
}

function mayHeal({ code }: FermataError, failures: number): boolean {
  if (code === "NETWORK" || code === "UPSTREAM_UNAVAILABLE" || code === "RATE_LIMITED") return true;
  return code === "INTERNAL" && failures < internalAttempts;
}

/** How long the server asked to wait. */
export function retryAfterMs({ details }: FermataError): number | null {
  const seconds = details?.retryAfterSeconds;
  return typeof seconds === "number" ? seconds * 1000 : null;
}
