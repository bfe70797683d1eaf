import { serve } from "@hono/node-server";
import { trpcServer } from "@hono/trpc-server";
import { initTRPC } from "@trpc/server";
import { Hono } from "hono";
import { user } from "./bare-user";

// The least that serves the same query: what tRPC on Hono costs before anybody adds a thing.
const t = initTRPC.create();
const router = t.router({
  auth: t.router({ me: t.procedure.output(user).query(() => null) }),
});

const app = new Hono().use("/api/trpc/*", trpcServer({ router, endpoint: "/api/trpc" }));
app.get("/api/health", (c) => c.json({ status: "ok" }));

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: "127.0.0.1" });
