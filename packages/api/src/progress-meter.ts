export interface UploadProgress {
  loadedBytes: number;
  totalBytes: number;
  /** Over the last seconds; missing until there is something to measure. */
  bytesPerSecond?: number;
  /** At the present speed. */
  secondsLeft?: number;
  /** Of an upload in parts. */
  parts?: PartCounts;
}

export interface PartCounts {
  all: number;
  /** The store has them. */
  stored: number;
  /** On their way now. */
  flying: number;
}

/** The speed is that of this last span: long enough to be calm, short enough to follow a changed network. */
const windowMs = 8_000;
/** Below this span a speed is noise. */
const minSpanMs = 500;
const reportEveryMs = 100;

/** Turns counts of bytes into progress with speed and time left, told at most ten times a second and at the end. */
export function createProgressMeter(
  totalBytes: number,
  onProgress: ((progress: UploadProgress) => void) | undefined,
  now: () => number = () => performance.now(),
) {
  let samples = [{ atMs: now(), loadedBytes: 0 }];
  let reportedAtMs = Number.NEGATIVE_INFINITY;
  let reportedBytes = -1;

  return {
    /** The speed is measured anew, after a pause or when an earlier upload goes on with what it has. */
    restart(loadedBytes: number, parts?: PartCounts) {
      samples = [{ atMs: now(), loadedBytes }];
      reportedAtMs = Number.NEGATIVE_INFINITY;
      this.update(loadedBytes, parts);
    },
    /** @param sentBytes all bytes so far, and perhaps what went with them; fewer than before when a part starts again */
    update(sentBytes: number, parts?: PartCounts) {
      const loadedBytes = Math.min(sentBytes, totalBytes);
      const atMs = now();
      const finished = loadedBytes >= totalBytes;
      const tooSoon = atMs - reportedAtMs < reportEveryMs && !finished;
      if (!onProgress || tooSoon || loadedBytes === reportedBytes) return;
      reportedAtMs = atMs;
      reportedBytes = loadedBytes;
      samples.push({ atMs, loadedBytes });
      while (samples.length > 2 && atMs - (samples[1]?.atMs ?? atMs) >= windowMs) samples.shift();
      onProgress({ loadedBytes, totalBytes, ...speed(atMs, loadedBytes), ...(parts && { parts }) });
    },
  };

  function speed(atMs: number, loadedBytes: number) {
    const first = samples[0];
    if (!first || atMs - first.atMs < minSpanMs) return {};
    const bytesPerSecond = ((loadedBytes - first.loadedBytes) * 1000) / (atMs - first.atMs);
    if (bytesPerSecond <= 0) return {};
    return { bytesPerSecond, secondsLeft: (totalBytes - loadedBytes) / bytesPerSecond };
  }
}
