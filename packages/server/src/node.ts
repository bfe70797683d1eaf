// For a server of Node's own, and whatever takes its listeners, such as Express: `@fermata/server/node`.
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";

/** `createServer(nodeListener(fermata))`, or `app.use("/api/fermata", nodeListener(fermata))` before any parser of bodies. */
export function nodeListener(fermata: {
  handler: (request: Request) => Promise<Response>;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const listener = getRequestListener((request) => fermata.handler(request));
  return (request, response) => void listener(request, response);
}
