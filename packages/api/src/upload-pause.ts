import { FermataError } from "./api-error";
import { createStore, type Store } from "./store";

/** Holds uploads up. Given to one upload or to several; the snapshot says whether they are paused. */
export interface PauseControl extends Store<boolean> {
  /** Requests on their way are cut at once. What the store has taken stays. */
  pause(): void;
  resume(): void;
}

export function createPauseControl(): PauseControl {
  const { set, ...store } = createStore(false);
  return {
    ...store,
    pause: () => set(true),
    resume: () => set(false),
  };
}

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
      return await step(signal ? AbortSignal.any([signal, cut.signal]) : cut.signal);
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
