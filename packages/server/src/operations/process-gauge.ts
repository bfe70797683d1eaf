import { monitorEventLoopDelay } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";

export interface ProcessFigures {
  startedAt: string;
  loopLagP50Ms: number;
  loopLagP99Ms: number;
  residentBytes: number;
  heapUsedBytes: number;
  heapLimitBytes: number;
}

const resolutionMs = 20;
const windowMs = 60_000;

/** How one process fares, over the minute before. */
export class ProcessGauge {
  readonly #startedAt = new Date(Date.now() - process.uptime() * 1000);
  readonly #lag = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #timer: NodeJS.Timeout;
  #before: { p50: number; p99: number } | null = null;

  constructor() {
    this.#lag.enable();
    this.#timer = setInterval(() => {
      this.#before = this.#percentiles();
      this.#lag.reset();
    }, windowMs).unref();
  }

  get figures(): ProcessFigures {
    const { p50, p99 } = this.#before ?? this.#percentiles();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      startedAt: this.#startedAt.toISOString(),
      loopLagP50Ms: p50,
      loopLagP99Ms: p99,
      residentBytes: rss,
      heapUsedBytes: heapUsed,
      heapLimitBytes: getHeapStatistics().heap_size_limit,
    };
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#lag.disable();
  }

  /** What Node measures is the time between two looks; what is beyond the resolution is lag. */
  #percentiles() {
    const beyond = (share: number) => {
      const ms = this.#lag.count === 0 ? 0 : this.#lag.percentile(share) / 1e6 - resolutionMs;
      return Math.max(0, Math.round(ms * 10) / 10);
    };
    return { p50: beyond(50), p99: beyond(99) };
  }
}
