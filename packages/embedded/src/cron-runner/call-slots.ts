interface Waiter {
  key: string;
  begin(): void;
}

/**
 * Lets at most so many callers through at a time, and of one key at most so many. The rest wait: those come first whose key
 * has the fewest under way, then those who came first.
 */
export class CallSlots {
  readonly #underWay = new Map<string, number>();
  #waiting: Waiter[] = [];
  #free: number;

  constructor(
    limit: number,
    private readonly limitPerKey = Number.POSITIVE_INFINITY,
  ) {
    this.#free = limit;
  }

  async use<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.#free > 0 && this.#hasRoom(key)) this.#enter(key);
    else await new Promise<void>((begin) => this.#waiting.push({ key, begin }));
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  #enter(key: string): void {
    this.#free--;
    this.#underWay.set(key, this.#countOf(key) + 1);
  }

  #leave(key: string): void {
    this.#free++;
    const left = this.#countOf(key) - 1;
    if (left > 0) this.#underWay.set(key, left);
    else this.#underWay.delete(key);
    const next = this.#next();
    if (!next) return;
    this.#waiting = this.#waiting.filter((waiter) => waiter !== next);
    this.#enter(next.key);
    next.begin();
  }

  #next(): Waiter | null {
    let next: Waiter | null = null;
    for (const waiter of this.#waiting) {
      if (!this.#hasRoom(waiter.key)) continue;
      if (!next || this.#countOf(waiter.key) < this.#countOf(next.key)) next = waiter;
    }
    return next;
  }

  #countOf(key: string): number {
    return this.#underWay.get(key) ?? 0;
  }

  #hasRoom(key: string): boolean {
    return this.#countOf(key) < this.limitPerKey;
  }
}
