import { createContext, useContext, useDeferredValue } from "react";
import { isAwake } from "./awake";
import { isApple, type MadeFor } from "./made-for";

/** Null where the server made nothing of the page's text. */
export const MadeForContext = createContext<MadeFor | null>(null);

/**
 * The zone to show times in: null is the browser's own. Where a traveller's page was made for the zone they came from, it wakes
 * up in that one.
 */
export function useZone(): string | null {
  const made = useContext(MadeForContext);
  return useDeferredValue(null, made && !isAwake() && isElsewhere(made) ? made.zone : null);
}

function isElsewhere({ offsetMinutes, now }: MadeFor): boolean {
  // A server is wherever it is.
  return typeof window === "undefined" || -new Date(now).getTimezoneOffset() !== offsetMinutes;
}

/** The present, as far as what is rendered first may know it. */
export function useFirstNow(): Date {
  const made = useContext(MadeForContext);
  return made && !isAwake() ? new Date(made.now) : new Date();
}

export function useIsApple(): boolean {
  const made = useContext(MadeForContext);
  return made ? made.isApple : isApple(navigator.userAgent);
}
