// For a server of Node's own, and whatever takes its listeners, such as Express: `@fermata/server/node`.
import type { IncomingMessage, ServerResponse } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { partsOf } from "./door/server-parts";
import { createNodeListener } from "./hosts/node";

export { leaveBoundsToRoutes } from "./hosts/node";
export { refuseUpgrade } from "./hosts/upgrade";

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * `createServer(nodeListener(fermata))`, or `app.use("/api/fermata", nodeListener(fermata))` before any parser of bodies.
 *
 * With `pages` it is the whole of a server: what is below `basePath` is answered here, the busiest of it straight from
 * Node and every body within its route's time, and the rest by `pages`. The server then takes `leaveBoundsToRoutes`.
 */
export function nodeListener(
  fermata: { handler: (request: Request) => Promise<Response> },
  { pages }: { pages?: Listener } = {},
): Listener {
  if (pages) {
    const { hosting, host, disk } = partsOf(fermata);
    return createNodeListener(hosting, { host, disk, pages });
  }
  const listener = getRequestListener((request) => fermata.handler(request));
  return (request, response) => void listener(request, response);
}
