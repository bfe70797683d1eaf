import { useSyncExternalStore } from "react";

/** False while a page is made on the server, which knows neither the reader's clock nor zone nor settings. */
export function useIsInBrowser(): boolean {
  return useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  );
}
