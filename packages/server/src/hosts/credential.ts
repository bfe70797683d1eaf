import type { RequestHead } from "./forwarded";

/** What may say who asks, as it came in; null for nothing. */
export function credentialOf({ headers }: Pick<RequestHead, "headers">): string | null {
  return headers.get("authorization") ?? headers.get("cookie");
}

/** The bearer token that a request carries. */
export function bearerOf({ headers }: Pick<RequestHead, "headers">): string | null {
  return /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

/** Browsers say where a request comes from; a request that says nothing comes from no browser's page of another site. */
export function isSameOrigin(request: Pick<RequestHead, "headers">, origin: string): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site) return site === "same-origin" || site === "none";
  const from = request.headers.get("origin");
  return !from || from === origin;
}
