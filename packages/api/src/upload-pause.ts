import { FermataError } from "./api-error";
import type { PauseControl } from "./pause-control";
import { anySignal } from "./signals";

/**
 * Runs a step whenever there is no pause: one that a pause cuts is begun again after it.
 * @throws FermataError ABORTED as soon as the signal says so, also during a pause
 */
export async function runPausable<T>(
  pause: PauseControl | undefined,
  signal: AbortSignal | undefined,
  step: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (!pause) return step(signal);
  for (;;) {
    await untilRunning(pause, signal);
    const cut = new AbortController();
    const unsubscribe = pause.subscribe(() => {
      if (pause.getSnapshot()) cut.abort();
    });
    try {
      return await step(anySignal(signal, cut.signal));
    } catch (error) {
      if (signal?.aborted || !cut.signal.aborted) throw error;
    } finally {
      unsubscribe();
    }
  }
}

function untilRunning(pause: PauseControl, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let unsubscribe = () => {};
    const look = () => {
      if (!signal?.aborted && pause.getSnapshot()) return;
      unsubscribe();
      signal?.removeEventListener("abort", look);
      if (signal?.aborted) reject(new FermataError("ABORTED"));
      else resolve();
    };
    unsubscribe = pause.subscribe(look);
    signal?.addEventListener("abort", look);
    look();
  });
}
