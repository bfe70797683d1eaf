/** Frontends on allowed origins call with a bearer token: cookies are never shared with them. */
const allowedHeaders =
  "authorization, content-type, content-disposition, content-md5, digest, if-match, if-none-match, if-range, last-event-id, range, trpc-accept";
const exposedHeaders =
  "accept-ranges, etag, content-length, content-range, content-disposition, x-request-id";

export function corsHeaders(request: Request, allowedOrigins: string[]): [string, string][] {
  return corsHeadersFor(request.headers.get("origin"), allowedOrigins);
}

export function corsHeadersFor(
  origin: string | null | undefined,
  allowedOrigins: string[],
): [string, string][] {
  if (!origin || !allowedOrigins.includes(origin)) return [];
  return [
    ["access-control-allow-origin", origin],
    ["access-control-expose-headers", exposedHeaders],
    ["vary", "origin"],
  ];
}

export function preflight(request: Request, allowedOrigins: string[]): Response {
  const headers = corsHeaders(request, allowedOrigins);
  if (headers.length === 0) return new Response(null, { status: 403 });
  return new Response(null, {
    status: 204,
    headers: [
      ...headers,
      ["access-control-allow-methods", "GET, HEAD, POST, PUT, DELETE"],
      ["access-control-allow-headers", allowedHeaders],
      ["access-control-max-age", "7200"],
    ],
  });
}
