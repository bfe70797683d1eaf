import { useDeferredValue } from "react";

/**
 * False while a page is made on the server, which knows neither the reader's clock nor zone nor settings, and while React
 * wakes up. What is shown then is rendered in slices, between which a browser answers.
 */
export function useIsInBrowser(): boolean {
  return useDeferredValue(true, false);
}
