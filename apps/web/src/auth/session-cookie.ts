export function secureCookies(origin: string): boolean {
  return origin.startsWith("https:");
}

/** With https, a name that browsers take from this very host alone, for all its paths, and never without TLS. */
function hostCookie(origin: string, name: string): string {
  return `${secureCookies(origin) ? "__Host-" : ""}${name}`;
}

export function sessionCookieName(origin: string): string {
  return hostCookie(origin, "next-auth.session-token");
}

/** Of sign-ins from before the name was narrowed; null where it is the same. */
export function formerSessionCookieName(origin: string): string | null {
  return secureCookies(origin) ? "__Secure-next-auth.session-token" : null;
}

/** What a browser shows where somebody signed in before. */
export function deviceCookieName(origin: string): string {
  return hostCookie(origin, "fermata.device");
}

/** The token in the session cookie, if there is one. */
export function sessionCookie(
  request: { headers: { get(name: string): string | null } },
  origin: string,
): string | null {
  const cookies = parseCookies(request.headers.get("cookie"));
  const former = formerSessionCookieName(origin);
  return cookies[sessionCookieName(origin)] ?? (former && cookies[former]) ?? null;
}

export function parseCookies(header: string | null): Record<string, string> {
  return Object.fromEntries(
    (header ?? "")
      .split(";")
      .map((pair) => pair.trim().split(/=(.*)/s, 2))
      .filter((pair): pair is [string, string] => pair.length === 2)
      .map(([name, value]) => [name, safeDecode(value)]),
  );
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
