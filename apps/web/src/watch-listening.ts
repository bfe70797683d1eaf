import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server } from "node:http";
import { refuseUpgrade } from "@fermata/server/node";
import { isHostedAhead } from "./api-slot";
import { stampConnection } from "./connection-header";

/**
 * Under `next start` the server that listens is Next's own, and nothing of it is handed out. What has to be known or
 * said there goes by Node's channels: who a client is, that an upload may take longer than five minutes, and that no
 * other protocol is spoken. A server that hosts the API itself says all of this at its own place.
 */
export function watchListening(): void {
  const known = new WeakSet<Server>();
  subscribe("http.server.request.start", (message) => {
    if (isHostedAhead()) return;
    const { request, server } = message as { request: IncomingMessage; server: Server };
    stampConnection(request);
    if (known.has(server)) return;
    known.add(server);
    // Bodies have their routes' own bounds.
    server.requestTimeout = 0;
    if (process.env.NODE_ENV !== "production") return;
    server.removeAllListeners("upgrade");
    server.on("upgrade", refuseUpgrade);
  });
}
