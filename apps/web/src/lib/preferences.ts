import { useSyncExternalStore } from "react";

const storageKey = "fermata.single-keys";
const listeners = new Set<() => void>();

/** Whether single keys act. Some people speak to their computer, and every word would be a command. */
export function singleKeysEnabled(): boolean {
  return localStorage.getItem(storageKey) !== "off";
}

export function setSingleKeys(enabled: boolean): void {
  localStorage.setItem(storageKey, enabled ? "on" : "off");
  for (const listener of listeners) listener();
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    singleKeysEnabled,
    () => true,
  );
}
