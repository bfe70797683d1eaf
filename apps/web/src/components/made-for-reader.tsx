"use client";

import { type ReactNode, useEffect } from "react";
import { type MadeFor, zoneCookie } from "../lib/made-for";
import { keepInCookie } from "../lib/own-cookie";
import { timeZone } from "../lib/time-zone";
import { MadeForContext } from "../lib/use-made-for";

/** Says what is inside whom it was made for, and tells the server the browser's zone for the next page. */
export function MadeForReader({ made, children }: { made: MadeFor | null; children: ReactNode }) {
  const zone = made?.zone;
  const offsetMinutes = made?.offsetMinutes;
  useEffect(() => {
    // Whoever is as far from UTC as the zone that was told reads the right times.
    if (zone && offsetMinutes === -new Date().getTimezoneOffset()) return;
    // To learn its name takes a phone a while, and the page is just waking up.
    const timer = setTimeout(() => keepInCookie(zoneCookie, timeZone()), 2_000);
    return () => clearTimeout(timer);
  }, [zone, offsetMinutes]);
  return <MadeForContext value={made}>{children}</MadeForContext>;
}
