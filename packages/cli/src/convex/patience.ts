import type { FermataError } from "@fermata/api";
import type { Outcome } from "./import-one";

/** Each comes after a minute of tries: a store may refuse one file, or two; then it is away. */
const maxInARow = 3;

/** What one file may fail with by itself, and every file does while the server or its store is away. */
const doubtful: readonly string[] = ["UPSTREAM_UNAVAILABLE", "RATE_LIMITED", "INTERNAL"];

/** Tells the failure of one file from that of all, by what became of those before. */
export class Patience {
  #inARow = 0;

  /** Whether it is in doubt that the next file would fare better. */
  get isTried(): boolean {
    return this.#inARow > 0;
  }

  /** @returns the failure that ends the import */
  hear(outcome: Outcome): FermataError | null {
    if (outcome.kind !== "failed") {
      this.#inARow = 0;
      return null;
    }
    // What the archive lacks, or what a rule forbids, says nothing about a store.
    if (!outcome.failure || !doubtful.includes(outcome.failure.code)) return null;
    this.#inARow++;
    return this.#inARow >= maxInARow ? outcome.failure : null;
  }
}
