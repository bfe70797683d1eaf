/** Looks at the clock at least this often, so that a clock that is set or a machine that slept is noticed. */
const LONGEST_NAP_MS = 15_000;

interface Appointment {
  atMs: number;
  meet(isOver: boolean): void;
}

/** Waits for instants of a clock that may be set, over one timer for all. */
export class Agenda {
  /** The next one last, so that it is taken off cheaply. */
  readonly #appointments: Appointment[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lookAtMs = Number.POSITIVE_INFINITY;

  constructor(readonly now: () => Date) {}

  /** True when the instant has come, false when the signal came first. */
  async waitUntil(atMs: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return false;
    if (atMs <= this.now().getTime()) return true;
    return new Promise((resolve) => {
      const cancel = () => {
        this.#appointments.splice(this.#appointments.indexOf(appointment), 1);
        appointment.meet(false);
        if (this.#appointments.length === 0) this.#sleep();
      };
      const appointment: Appointment = {
        atMs,
        meet(isOver) {
          signal.removeEventListener("abort", cancel);
          resolve(isOver);
        },
      };
      signal.addEventListener("abort", cancel, { once: true });
      this.#insert(appointment);
      if (atMs < this.#lookAtMs) this.#sleep();
    });
  }

  #insert(appointment: Appointment): void {
    let low = 0;
    let high = this.#appointments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#appointments[middle]?.atMs ?? 0) > appointment.atMs) low = middle + 1;
      else high = middle;
    }
    this.#appointments.splice(low, 0, appointment);
  }

  #look(): void {
    const nowMs = this.now().getTime();
    for (let next = this.#appointments.at(-1); next && next.atMs <= nowMs; ) {
      this.#appointments.pop();
      next.meet(true);
      next = this.#appointments.at(-1);
    }
    this.#sleep();
  }

  #sleep(): void {
    clearTimeout(this.#timer);
    this.#lookAtMs = Number.POSITIVE_INFINITY;
    const next = this.#appointments.at(-1);
    if (!next) return;
    const nowMs = this.now().getTime();
    const napMs = Math.max(0, Math.min(next.atMs - nowMs, LONGEST_NAP_MS));
    this.#lookAtMs = nowMs + napMs;
    this.#timer = setTimeout(() => this.#look(), napMs);
  }
}
