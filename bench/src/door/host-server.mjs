// An app of the least that mounts the library as it is published: a server of Node's own, its database, and a bearer that
// names its user.
import { createServer } from "node:http";
import { initTRPC } from "@trpc/server";
import { z } from "zod";

const published = (file) =>
  import(new URL(`../../../packages/server/dist/lib/${file}`, import.meta.url).href);
const { createFermataServer } = await published("index.js");
const { leaveBoundsToRoutes, nodeListener } = await published("node.js");
const { diskStore } = await published("stores.js");

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
  log: { debug() {}, info() {}, warn() {}, error() {} },
  routers: {
    auth: t.router({
      me: t.procedure.output(z.object({ id: z.string() }).nullable()).query(() => null),
    }),
  },
});
await fermata.migrate();

const pages = (_, response) => response.end();
const server = createServer(nodeListener(fermata, { pages }));
leaveBoundsToRoutes(server);
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", async () => {
  server.closeAllConnections();
  server.close();
  await fermata.close();
  process.exit(0);
});
