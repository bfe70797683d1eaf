/** The server's clock, from what it said once. A device's own may be wrong, and may be set right in the middle of a call. */
export class ServerClock {
  #offsetMs = Date.now() - performance.now();

  /** @param time ISO 8601; servers of the release before do not tell it */
  set(time: string | undefined): void {
    if (time) this.#offsetMs = Date.parse(time) - performance.now();
  }

  readonly now = (): number => this.#offsetMs + performance.now();
}
