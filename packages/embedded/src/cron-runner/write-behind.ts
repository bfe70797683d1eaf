/** Collects entries while the last write is under way, and writes them together. */
export class WriteBehind<T> {
  #entries = new Map<string, T>();
  #writing: Promise<void> | null = null;

  /** @param write tries until it has succeeded, or resolves to false when it was given up */
  constructor(private readonly write: (entries: Map<string, T>) => Promise<boolean>) {}

  add(key: string, entry: T): void {
    this.#entries.set(key, entry);
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when nothing is left to write, or writing was given up. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    // What ends in the same moment shares a statement.
    await new Promise((resolve) => setImmediate(resolve));
    let goesOn = true;
    while (goesOn && this.#entries.size > 0) {
      const entries = this.#entries;
      this.#entries = new Map();
      goesOn = await this.write(entries);
    }
    this.#writing = null;
  }
}
