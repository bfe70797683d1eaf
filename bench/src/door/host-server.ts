// An app of the least that mounts the library: a server of Node's own, its database, and a bearer that names its user.
import { createServer } from "node:http";
import { createFermataServer } from "@fermata/server";
import { leaveBoundsToRoutes, nodeListener } from "@fermata/server/node";
import { diskStore } from "@fermata/server/stores";
import { silentLog } from "@fermata/server/testing/silent-log";
import { initTRPC } from "@trpc/server";
import { user } from "../bare-user";

const t = initTRPC.create();
const fermata = createFermataServer({
  database: { url: process.env.DATABASE_URL ?? "" },
  basePath: "/api",
  secret: "a secret for one benchmark, long enough",
  store: diskStore({ directory: process.env.UPLOADS_DIR ?? "" }),
  identify(request) {
    const userId = request.headers.get("authorization")?.replace("Bearer ", "");
    return userId ? { userId } : null;
  },
  quota: { filesBytes: 2 ** 45, mediaBytes: 2 ** 45 },
  rateLimits: {},
  // Nothing runs its jobs, which it would say every while.
  log: silentLog,
  routers: { auth: t.router({ me: t.procedure.output(user).query(() => null) }) },
});
await fermata.migrate();

const pages = (_: unknown, response: { end(): void }) => response.end();
const server = createServer(nodeListener(fermata, { pages }));
leaveBoundsToRoutes(server);
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", async () => {
  server.closeAllConnections();
  server.close();
  await fermata.close();
  process.exit(0);
});
