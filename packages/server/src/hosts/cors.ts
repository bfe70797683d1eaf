/** Frontends on allowed origins call with a bearer token: cookies are never shared with them. */
export const allowedHeaders =
  "authorization, content-type, content-disposition, content-md5, digest, if-match, if-none-match, if-range, last-event-id, range, traceparent, tracestate, trpc-accept, upload-complete, upload-offset, want-digest, x-fermata-stored, x-fermata-upload";
const exposedHeaders =
  "accept-ranges, etag, content-length, content-range, content-disposition, digest, retry-after, upload-offset, x-request-id";

export type CorsHeaders = Record<string, string>;

/** Which answer it is depends on who asks, also where it is "no": a cache must not give one's to another. */
const varies: CorsHeaders = { vary: "origin" };

/** @param origin the page's; null where no page of another origin asks */
export function corsHeadersFor(origin: string | null, allowedOrigins: string[]): CorsHeaders {
  if (!origin || !allowedOrigins.includes(origin)) return varies;
  return {
    ...varies,
    "access-control-allow-origin": origin,
    "access-control-expose-headers": exposedHeaders,
  };
}
