import { serve } from "@hono/node-server";
import { Hono } from "hono";

// The least that answers a revalidation: one comparison.
const etag = '"0123456789abcdef"';
const app = new Hono();
app.get("/api/health", (c) => c.json({ status: "ok" }));
app.get("/file", (c) => {
  const headers = { etag, "cache-control": "private, no-cache" };
  return c.req.header("if-none-match") === etag
    ? new Response(null, { status: 304, headers })
    : c.body("bytes", 200, headers);
});

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: "127.0.0.1" });
