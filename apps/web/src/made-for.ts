import { cookies, headers } from "next/headers";
import { offsetMinutesOf } from "./lib/dates";
import { isApple, type MadeFor, zoneCookie } from "./lib/made-for";
import { knownZone } from "./lib/time-zone";

/** Whom the page is made for; null where the browser did not tell its zone yet, or one that this machine does not know. */
export async function madeFor(): Promise<MadeFor | null> {
  const zone = knownZone((await cookies()).get(zoneCookie)?.value || "none");
  if (!zone) return null;
  const now = new Date();
  return {
    zone,
    offsetMinutes: offsetMinutesOf(now, zone),
    now: now.getTime(),
    isApple: isApple((await headers()).get("user-agent") ?? ""),
  };
}
