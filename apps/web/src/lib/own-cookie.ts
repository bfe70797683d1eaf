const yearS = 365 * 86_400;

/** Keeps something for the pages that the server makes. It goes to no other site. */
export function keepInCookie(name: string, value: string): void {
  const secure = location.protocol === "https:" ? "; secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the store of cookies that is asynchronous is not in every browser.
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${yearS}; samesite=lax${secure}`;
}

/** What was kept under a name, maybe in another tab; undefined where nothing was. */
export function keptInCookie(name: string): string | undefined {
  const start = `${name}=`;
  const kept = document.cookie.split("; ").find((cookie) => cookie.startsWith(start));
  try {
    return kept && decodeURIComponent(kept.slice(start.length));
  } catch {
    // Not written by us: as the server reads it, too.
    return undefined;
  }
}
