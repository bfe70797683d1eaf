import type { Clock } from "../ports/clock";
import { isOwnMachine, networkOf } from "./client-network";
import {
  allowanceOf,
  type LimitClass,
  type LimitOverrides,
  type LimitSubject,
} from "./limit-classes";
import type { SharedCounts } from "./shared-counts";
import { TokenBuckets } from "./token-buckets";

/** Everybody whom a request comes from, as far as it is known. */
export interface Caller {
  userId?: string | null;
  roomId?: string | null;
  /** Empty or no address where the host does not know it: then the network counts nothing. */
  address: string;
}

/** A limit, as `class.subject`, and when it has room again. */
export interface UsedUp {
  limit: string;
  waitSeconds: number;
}

/** Counts requests by class, for each user, room and network; over processes where it is given what they share. */
export class ClassLimits {
  readonly #clock: Clock;
  readonly #overrides: LimitOverrides;
  readonly #buckets = new Map<string, TokenBuckets>();
  /**
   * What comes from this machine itself is its owner's, or that of everybody behind a proxy which nobody named: it is
   * counted only where somebody gave numbers of their own.
   */
  readonly #countsOwnMachine: boolean;

  readonly #shared: SharedCounts | null;

  constructor(clock: Clock, overrides: LimitOverrides, shared: SharedCounts | null = null) {
    this.#clock = clock;
    this.#shared = shared;
    this.#overrides = overrides;
    this.#countsOwnMachine = Object.keys(overrides).length > 0;
  }

  /** @returns which limit is used up and for how long; null when the requests are allowed, and counted */
  take(name: LimitClass, { userId, roomId, address }: Caller, count = 1): UsedUp | null {
    const isOwn = isOwnMachine(address);
    if (isOwn && !this.#countsOwnMachine) return null;
    const network = isOwn ? ownMachine : networkOf(address);
    return (
      this.#takeOf(name, "user", userId, count) ??
      this.#takeOf(name, "room", roomId, count) ??
      this.#takeOf(name, "network", network, count)
    );
  }

  #takeOf(
    name: LimitClass,
    subject: LimitSubject,
    key: string | null | undefined,
    count: number,
  ): UsedUp | null {
    if (!key) return null;
    const buckets = this.#bucketsOf(name, subject);
    if (!buckets) return null;
    const limit = `${name}.${subject}`;
    const waitSeconds = buckets.take(key, count, this.#clock.now());
    if (waitSeconds > 0) return { limit, waitSeconds };
    if (this.#shared && buckets.isWorthTelling(key)) this.#shared.tell(limit, { buckets, key });
    return null;
  }

  #bucketsOf(name: LimitClass, subject: LimitSubject): TokenBuckets | null {
    const known = this.#buckets.get(`${name}.${subject}`);
    if (known) return known;
    const allowance = allowanceOf(name, subject, this.#overrides);
    if (!allowance) return null;
    const made = new TokenBuckets(allowance);
    this.#buckets.set(`${name}.${subject}`, made);
    return made;
  }
}

const ownMachine = "this machine";
