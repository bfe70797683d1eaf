/** A path is mostly found by the first candidates, so these do not wait; the many after them go together. */
const firstBatchMs = 0;
const batchMs = 50;

export interface CandidateBatchesOptions {
  /** Runs what it is given once a batch may go: it must not overtake the description that it belongs to. */
  whenDue(flush: () => void): void;
  send(candidates: RTCIceCandidateInit[]): void;
}

/** What this side's search for paths finds, on its way to the other side. */
export class CandidateBatches {
  /** How many were found. */
  count = 0;
  readonly #options: CandidateBatchesOptions;
  #waiting: RTCIceCandidateInit[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #nextMs = firstBatchMs;

  constructor(options: CandidateBatchesOptions) {
    this.#options = options;
  }

  /** A description was sent: what is found next for it goes at once. */
  begin(): void {
    this.#nextMs = firstBatchMs;
  }

  collect(candidate: RTCIceCandidate): void {
    this.count++;
    // By TCP, port 9 says that it only opens connections, to who accepts them: nobody needs to know from where.
    if (candidate.port === 9) return;
    this.#waiting.push(candidate.toJSON());
    const { whenDue, send } = this.#options;
    this.#timer ??= setTimeout(
      () =>
        whenDue(() => {
          this.#timer = undefined;
          this.#nextMs = batchMs;
          send(this.#waiting.splice(0));
        }),
      this.#nextMs,
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
