/** One value that changes, in the shape that `useSyncExternalStore` reads. */
export interface Store<T> {
  /** @returns the function that ends the subscription */
  subscribe(listener: () => void): () => void;
  /** The same object until something changes. */
  getSnapshot(): T;
}

export function createStore<T>(initial: T): Store<T> & { set(next: T): void } {
  const listeners = new Set<() => void>();
  let snapshot = initial;
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => snapshot,
    set(next) {
      snapshot = next;
      for (const listener of [...listeners]) listener();
    },
  };
}
