interface Writer {
  stop: AbortController;
  settled: Promise<unknown>;
}

/**
 * Who writes which part at the moment, in this process. Whoever asks on a new connection how far a part is has lost the old
 * one, which the server may not have noticed yet.
 */
export class PartWriters {
  readonly #writers = new Map<string, Set<Writer>>();

  /** @param write ends early when the signal says so, and has kept what came by the time it settles */
  async run<T>(part: string, write: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const stop = new AbortController();
    const writing = write(stop.signal);
    const writer = { stop, settled: writing.catch(() => {}) };
    const all = this.#writers.get(part) ?? new Set();
    this.#writers.set(part, all.add(writer));
    try {
      return await writing;
    } finally {
      all.delete(writer);
      if (all.size === 0) this.#writers.delete(part);
    }
  }

  async stop(part: string): Promise<void> {
    const all = [...(this.#writers.get(part) ?? [])];
    for (const { stop } of all) stop.abort();
    await Promise.all(all.map(({ settled }) => settled));
  }
}
