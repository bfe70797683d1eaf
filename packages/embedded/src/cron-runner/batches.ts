import type { Agenda } from "./agenda";
import type { RunnerEvent } from "./event-bus";
import type { Run } from "./run-store";

interface Batch {
  runs: Run[];
  close(): void;
}

/** Gathers runs of a function, those of one key together, until they are enough, or the first has waited for long enough. */
export class Batches {
  readonly #open = new Map<string, Batch>();

  constructor(
    private readonly options: {
      maxSize: number;
      timeoutMs: number;
      keyOf(event: RunnerEvent): string;
    },
    private readonly agenda: Agenda,
    private readonly signal: AbortSignal,
  ) {}

  /** The first run of a batch gets all of them when it is full; the others get null at once. */
  async join(run: Run): Promise<Run[] | null> {
    const key = this.options.keyOf(run.event);
    const batch = this.#open.get(key);
    if (batch) {
      batch.runs.push(run);
      if (batch.runs.length >= this.options.maxSize) batch.close();
      return null;
    }
    const full = new AbortController();
    const runs = [run];
    const opened: Batch = {
      runs,
      close: () => {
        this.#open.delete(key);
        full.abort();
      },
    };
    if (this.options.maxSize > 1) {
      this.#open.set(key, opened);
      const untilMs = this.agenda.now().getTime() + this.options.timeoutMs;
      await this.agenda.waitUntil(untilMs, AbortSignal.any([full.signal, this.signal]));
      if (this.#open.get(key) === opened) opened.close();
    }
    return runs;
  }
}
