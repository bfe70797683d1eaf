/** Whom a page was made for on the server, as far as their browser told. */
export interface MadeFor {
  /** Their time zone, such as `Europe/Stockholm`. */
  zone: string;
  /** How far it is from UTC, in minutes, at the instant of making. */
  offsetMinutes: number;
  /** The instant of making, in ms since 1970. */
  now: number;
  /** Whether their keyboard has a command key. */
  isApple: boolean;
}

export function isApple(userAgent: string): boolean {
  return /Mac|iPhone|iPad/.test(userAgent);
}

/** The cookie in which a browser tells its zone. */
export const zoneCookie = "fermata.zone";
