import type { StatsMeter } from "./stats-meter";
import type { PeerStats } from "./types";

/** The figures of one link's connection, while it stands. What measures them is loaded with the first one. */
export class LinkMeter {
  readonly #onStats: (stats: PeerStats) => void;
  #measured: RTCPeerConnection | null = null;
  #meter: StatsMeter | null = null;

  constructor(onStats: (stats: PeerStats) => void) {
    this.#onStats = onStats;
  }

  async start(connection: RTCPeerConnection): Promise<void> {
    this.stop();
    this.#measured = connection;
    // Without figures the call goes on.
    const loaded = await import("./stats-meter").catch(() => null);
    if (!loaded || this.#measured !== connection || this.#meter) return;
    this.#meter = new loaded.StatsMeter(connection, this.#onStats);
  }

  async read(): Promise<PeerStats | null> {
    return this.#meter?.read() ?? null;
  }

  stop(): void {
    this.#measured = null;
    this.#meter?.stop();
    this.#meter = null;
  }
}
