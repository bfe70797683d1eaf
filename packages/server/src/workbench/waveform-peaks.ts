export const peakCount = 256;

interface Sound {
  atSeconds: number;
  sampleRate: number;
  /** From -1 to 1. */
  planes: Float32Array[];
  /** Channels that one plane holds in turn. Default 1. */
  channels?: number;
}

/** The loudest moments of a recording, in stretches of equal length. */
export class WaveformPeaks {
  readonly #peaks = new Float32Array(peakCount);
  isEmpty = true;

  constructor(
    readonly startSeconds: number,
    readonly seconds: number,
  ) {}

  add({ atSeconds, sampleRate, planes, channels = 1 }: Sound): void {
    for (const samples of planes) {
      for (let index = 0; index < samples.length; index++) {
        const at = atSeconds - this.startSeconds + Math.floor(index / channels) / sampleRate;
        const stretch = Math.floor((at / this.seconds) * peakCount);
        // A decoder's first and last sounds lie a little outside.
        const slot = Math.min(peakCount - 1, Math.max(0, stretch));
        const peak = Math.abs(samples[index] ?? 0);
        if (peak > (this.#peaks[slot] ?? 0)) this.#peaks[slot] = peak;
      }
      if (samples.length > 0) this.isEmpty = false;
    }
  }

  toBytes(): Uint8Array {
    return Uint8Array.from(this.#peaks, (peak) => Math.round(Math.min(1, peak) * 255));
  }
}
