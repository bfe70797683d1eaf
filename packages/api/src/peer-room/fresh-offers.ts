/** A page that is reloaded, or tries again, begins afresh every few seconds; one that floods must not use up the browser's connections. */
const most = { count: 10, withinMs: 10_000 };

/** How often the other side began afresh of late. */
export class FreshOffers {
  #at: number[] = [];

  /** @returns false for one too many */
  mayBegin(): boolean {
    const now = performance.now();
    const lately = this.#at.filter((at) => now - at < most.withinMs);
    const isTooMany = lately.length >= most.count;
    this.#at = isTooMany ? lately : [...lately, now];
    return !isTooMany;
  }
}
