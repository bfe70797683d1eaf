import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createNodeListener, leaveBoundsToRoutes } from "@fermata/server/hosts/node";
import { getRequestListener } from "@hono/node-server";
import type { Composition } from "../server";

export const ways = ["fetch", "direct"] as const;
export type Way = (typeof ways)[number];

export interface BothHosts {
  /** The same services behind both: what one answers must be what the other does. */
  servers: Record<Way, { server: Server; origin: string; port: number }>;
  /** Requests that the direct way left to the other one. */
  passedOn(): number;
  close(): void;
}

/** One composition behind the fetch host alone, as on a platform, and behind Node's listener, as self-hosted. */
export async function listenBothWays({ host, hosting, disk }: Composition): Promise<BothHosts> {
  let passedOn = 0;
  const byFetch = getRequestListener((request, { incoming }) =>
    host.handle(request, { remoteAddress: incoming.socket.remoteAddress }),
  );
  const direct = createNodeListener(hosting, {
    disk,
    host: {
      handle: host.handle,
      answer(call, request) {
        passedOn++;
        return host.answer(call, request);
      },
    },
    // As Next does: a form is answered once all of it is there.
    pages: (request, response) =>
      void request.resume().on("end", () => {
        response.writeHead(200, { "content-type": "text/html" }).end("a page");
      }),
  });
  const servers = {
    fetch: await listen(createServer((incoming, outgoing) => void byFetch(incoming, outgoing))),
    direct: await listen(createServer(direct)),
  };
  leaveBoundsToRoutes(servers.direct.server);
  return {
    servers,
    passedOn: () => passedOn,
    close() {
      for (const { server } of Object.values(servers)) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

async function listen(server: Server) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { server, port, origin: `http://127.0.0.1:${port}` };
}
