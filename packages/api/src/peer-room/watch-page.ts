export interface PageEvents {
  /** The device has no network. */
  onOffline(): void;
  /** The device may be in another network now. */
  onNetworkChange(): void;
  /** The page runs again after it was frozen or hidden. */
  onWake(): void;
  /** The page is back, which was left and kept for the back button. */
  onRestored(): void;
  /** The page may never run again. */
  onHide(): void;
  /** The page is being left or reloaded. */
  onUnload(): void;
}

interface ConnectionInfo extends EventTarget {
  type?: string;
}

/** Timers of hidden pages run late; after so long it is worth looking whether everything still stands. */
const longHiddenMs = 30_000;

/**
 * Watches what happens to the page and to the device's network. Outside of browsers nothing ever does.
 * @returns the function that ends the watching
 */
export function watchPage(events: PageEvents): () => void {
  if (typeof window === "undefined" || typeof document === "undefined") return () => {};
  const { onOffline, onNetworkChange, onWake, onRestored, onHide, onUnload } = events;
  const stop = new AbortController();
  const { signal } = stop;
  window.addEventListener("offline", onOffline, { signal });
  window.addEventListener("online", onNetworkChange, { signal });
  window.addEventListener("pagehide", onUnload, { signal });
  window.addEventListener("pageshow", (event) => event.persisted && onRestored(), { signal });
  document.addEventListener("resume", onWake, { signal });
  let hiddenAt = Date.now();
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "hidden") {
        hiddenAt = Date.now();
        onHide();
        // Not by `performance.now`, which in some browsers stands still while the device sleeps. A clock that was set counts as long.
      } else if (Math.abs(Date.now() - hiddenAt) > longHiddenMs) onWake();
    },
    { signal },
  );
  // Estimates of speed change all the time; only another kind of network matters.
  const { connection } = navigator as Navigator & { connection?: ConnectionInfo };
  let type = connection?.type;
  connection?.addEventListener(
    "change",
    () => {
      if (connection.type === type) return;
      type = connection.type;
      if (navigator.onLine) onNetworkChange();
    },
    { signal },
  );
  return () => stop.abort();
}
