import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { fermata, pool } from "./fermata.js";

await fermata.migrate();
await pool.query(
  `CREATE TABLE IF NOT EXISTS invoice (id text PRIMARY KEY, pdf_id text REFERENCES fermata."File" (id))`,
);

export const app = new Hono();
app.get("/invoices", async (c) => c.json((await pool.query("SELECT * FROM invoice")).rows));
app.all("/api/fermata/*", (c) => fermata.handler(c.req.raw));

export const server = serve({
  fetch: app.fetch,
  hostname: "127.0.0.1",
  port: Number(process.env.PORT ?? 4000),
});
