export function secureCookies(origin: string): boolean {
  return origin.startsWith("https:");
}

/** next-auth's name for the cookie, with the prefix that makes browsers insist on https. */
function cookieName(origin: string): string {
  return `${secureCookies(origin) ? "__Secure-" : ""}next-auth.session-token`;
}

/** The token in the session cookie, if there is one. */
export function sessionCookie(
  request: { headers: { get(name: string): string | null } },
  origin: string,
): string | null {
  return parseCookies(request.headers.get("cookie"))[cookieName(origin)] ?? null;
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
