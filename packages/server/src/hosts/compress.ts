import type { IncomingMessage, ServerResponse } from "node:http";
import compression from "compression";

/** A packet: what fits into one travels no faster for being smaller. */
const fewestBytes = 1_400;

const compress = compression({
  threshold: fewestBytes,
  // An event stream is sent as it comes, and bytes of users are compressed already.
  filter: (_, response) => /^application\/json\b/.test(String(response.getHeader("content-type"))),
});

/** Has a long answer in JSON compressed, for whoever takes it so. */
export function compressAnswer(request: IncomingMessage, response: ServerResponse): void {
  if (!/\b(gzip|br|deflate)\b/.test(request.headers["accept-encoding"] ?? "")) return;
  // It is written for Express, of whose objects it uses what Node's have.
  type Middleware = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;
  (compress as unknown as Middleware)(request, response, () => {});
}
