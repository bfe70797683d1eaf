/** What a meter shows is quieter than this when it shows nothing. */
export const silenceDb = -60;
const holdMs = 1_500;
const readsPerSecond = 20;

export interface Level {
  /** Now, from `silenceDb` to 0. */
  db: number;
  /** The loudest of the last moments. */
  peakDb: number;
}

/** The peak of some samples in decibels, 0 being the loudest a microphone can tell. */
export function peakDbOf(samples: ArrayLike<number>): number {
  let peak = 0;
  for (let index = 0; index < samples.length; index++) {
    peak = Math.max(peak, Math.abs(samples[index] ?? 0));
  }
  return peak === 0 ? silenceDb : Math.min(0, Math.max(silenceDb, 20 * Math.log10(peak)));
}

/**
 * Reads a microphone's level until it is told to stop. Browsers may hold it back until the page was touched.
 * @returns the function that stops it
 */
export function watchLevel(stream: MediaStream, onLevel: (level: Level) => void): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let peak = { db: silenceDb, atMs: 0 };
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const db = peakDbOf(samples);
    const atMs = performance.now();
    if (db >= peak.db || atMs - peak.atMs > holdMs) peak = { db, atMs };
    onLevel({ db, peakDb: peak.db });
  }, 1000 / readsPerSecond);
  const wake = () => void context.resume();
  addEventListener("pointerdown", wake);
  addEventListener("keydown", wake);
  return () => {
    clearInterval(timer);
    removeEventListener("pointerdown", wake);
    removeEventListener("keydown", wake);
    void context.close();
  };
}
