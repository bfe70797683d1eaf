import type { Agenda } from "./agenda";
import type { Json } from "./sign-request";

export interface RunnerEvent {
  id: string;
  name: string;
  /** Milliseconds since 1970; in the future: when it shall arrive. */
  ts: number;
  data: { [key: string]: Json };
}

export type IncomingEvent = Partial<RunnerEvent> & Pick<RunnerEvent, "name">;

const MAX_REMEMBERED_IDS = 100_000;

/** Brings events to the runs that wait for them, at their time and once an id. */
export class EventBus {
  readonly #seen = new Set<string>();
  readonly #listeners = new Set<(event: RunnerEvent) => void>();

  constructor(
    readonly agenda: Agenda,
    readonly signal: AbortSignal,
  ) {}

  send(event: RunnerEvent): void {
    if (!this.#isRepeated(event.id)) void this.#deliver(event);
  }

  /** The next event that fits, or null after an instant. */
  waitFor(fits: (event: RunnerEvent) => boolean, untilMs: number): Promise<RunnerEvent | null> {
    const found = new AbortController();
    return new Promise((resolve) => {
      const end = (event: RunnerEvent | null) => {
        this.#listeners.delete(listener);
        found.abort();
        resolve(event);
      };
      const listener = (event: RunnerEvent) => {
        if (fits(event)) end(event);
      };
      this.#listeners.add(listener);
      const over = AbortSignal.any([this.signal, found.signal]);
      void this.agenda.waitUntil(untilMs, over).then(() => end(null));
    });
  }

  async #deliver(event: RunnerEvent): Promise<void> {
    if (!(await this.agenda.waitUntil(event.ts, this.signal))) return;
    for (const listener of [...this.#listeners]) listener(event);
  }

  #isRepeated(id: string): boolean {
    if (this.#seen.has(id)) return true;
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (this.#seen.size > MAX_REMEMBERED_IDS && oldest !== undefined) this.#seen.delete(oldest);
    return false;
  }
}
