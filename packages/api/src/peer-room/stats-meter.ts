import { compareSamples, readSample, type StatsSample } from "./peer-stats";
import type { PeerStats } from "./types";

const everyMs = 2_000;
/** Counting takes a browser milliseconds, which at the beginning belong to the first picture. */
const firstMs = 500;
const windowMs = 5_000;

/** Looks at one connection's counters every two seconds, and tells what they say about the last five. */
export class StatsMeter {
  readonly #connection: RTCPeerConnection;
  readonly #onStats: (stats: PeerStats) => void;
  readonly #firstTimer: ReturnType<typeof setTimeout>;
  readonly #timer: ReturnType<typeof setInterval>;
  #samples: StatsSample[] = [];
  #isStopped = false;

  constructor(connection: RTCPeerConnection, onStats: (stats: PeerStats) => void) {
    this.#connection = connection;
    this.#onStats = onStats;
    this.#timer = setInterval(() => void this.#look(), everyMs);
    this.#firstTimer = setTimeout(() => void this.#look(), firstMs);
  }

  /** The figures of now. */
  async read(): Promise<PeerStats | null> {
    const sample = await this.#sample();
    return sample && compareSamples(this.#samples[0] ?? sample, sample);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#firstTimer);
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const sample = await this.#sample();
    if (!sample || this.#isStopped) return;
    // Half a beat more, so that a late timer does not shorten the window.
    const start = sample.atMs - windowMs - everyMs / 2;
    this.#samples = [...this.#samples.filter(({ atMs }) => atMs > start), sample];
    this.#onStats(compareSamples(this.#samples[0] ?? sample, sample));
  }

  async #sample(): Promise<StatsSample | null> {
    // A connection that was closed meanwhile has nothing to tell.
    const report = await this.#connection.getStats().catch(() => null);
    return report && readSample(report, performance.now());
  }
}
