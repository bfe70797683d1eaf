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
