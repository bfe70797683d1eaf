import { useDeferredValue } from "react";
import { isAwake } from "./awake";

/**
 * False while a page is made on the server, which does not know all of the reader's settings, and while React wakes up.
 * What is shown then is rendered in slices, between which a browser answers.
 */
export function useIsInBrowser(): boolean {
  return useDeferredValue(true, isAwake());
}
