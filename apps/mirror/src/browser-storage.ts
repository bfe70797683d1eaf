export type BrowserStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/**
 * What this browser, or this tab, keeps from one page to the next. Where all data of sites is blocked, reading the
 * property throws already; where there is no room left, writing does. Then nothing is kept, and all else goes on.
 */
export function openStorage(name: "localStorage" | "sessionStorage"): BrowserStorage {
  const orNull = <Result>(work: (storage: Storage) => Result): Result | null => {
    try {
      return work(globalThis[name]);
    } catch {
      return null;
    }
  };
  return {
    getItem: (key) => orNull((storage) => storage.getItem(key)),
    setItem: (key, value) => void orNull((storage) => storage.setItem(key, value)),
    removeItem: (key) => void orNull((storage) => storage.removeItem(key)),
  };
}

/** What was kept as JSON; null for nothing, and for what is no JSON. */
export function readKept(storage: Pick<Storage, "getItem">, key: string): unknown {
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}
