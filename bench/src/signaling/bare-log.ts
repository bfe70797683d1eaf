// The least that a server does which keeps each message before it tells of it: Node's http, one prepared INSERT, and the
// stream of the other one. No sign-in, no room that may be closed, no order, no limits, nothing read again.
import { createServer, type ServerResponse } from "node:http";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });
await pool.query(
  `CREATE TABLE log (seq bigserial PRIMARY KEY, room text NOT NULL, payload text NOT NULL)`,
);
const readers = new Map<string, ServerResponse>();
const insert = "INSERT INTO log (room, payload) VALUES ($1, $2) RETURNING seq";

const http = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const room = searchParams.get("room") ?? "";
  if (pathname === "/api/health") return void response.end("ok");
  if (request.method === "GET") {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write("event: connected\ndata: {}\n\n");
    readers.set(room, response);
    return;
  }
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const text = Buffer.concat(chunks).toString();
    await pool.query({ name: "insert", text: insert, values: [room, text] });
    readers.get(room)?.write(`data: ${text}\n\n`);
    response.writeHead(200, { "content-length": 2 }).end("ok");
  });
});
http.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
