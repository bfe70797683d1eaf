interface KeptStream {
  readonly openedAtMs: number;
  ping(): void;
  /** Ends it so that its client comes back. */
  cut(): void;
}

/** A stream is looked at once in this many equal parts of the time between two pings. */
const slots = 20;

/** One timer for all streams of a process: it pings them, a part at a time, and cuts those that are old enough. */
export class StreamKeeper {
  readonly #slots: Set<KeptStream>[] = Array.from({ length: slots }, () => new Set());
  readonly #bounds: { pingMs: number; maxDurationMs: number };
  #slot = 0;
  #size = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(bounds: { pingMs: number; maxDurationMs: number }) {
    this.#bounds = bounds;
  }

  add(stream: KeptStream): void {
    this.#slots[this.#slot]?.add(stream);
    this.#size++;
    this.#timer ??= setInterval(() => this.#turn(), this.#bounds.pingMs / slots).unref();
  }

  delete(stream: KeptStream): void {
    if (!this.#slots.some((slot) => slot.delete(stream))) return;
    if (--this.#size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #turn(): void {
    this.#slot = (this.#slot + 1) % slots;
    const oldest = Date.now() - this.#bounds.maxDurationMs;
    for (const stream of this.#slots[this.#slot] ?? []) {
      if (stream.openedAtMs <= oldest) stream.cut();
      else stream.ping();
    }
  }
}
