import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";

// The least that takes an upload: its body to a file, and its SHA-256 on the way. No checks; nothing is forced to the disk
// unless FSYNC says so, and no row is written unless DATABASE_URL says where.
const { UPLOADS_DIR: dir = "", DATABASE_URL: databaseUrl, FSYNC } = process.env;
const flush = FSYNC === "1";
const pool = databaseUrl ? new pg.Pool({ connectionString: databaseUrl, max: 10 }) : null;
await pool?.query('CREATE TABLE "Upload" ("id" text PRIMARY KEY, "sha256" text NOT NULL)');

createServer(async (request, response) => {
  if (request.url === "/api/health") {
    response.end("{}");
    return;
  }
  const hash = createHash("sha256");
  const measure = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const id = randomUUID();
  await pipeline(request, measure, createWriteStream(join(dir, id), { flush }));
  const sha256 = hash.digest("hex");
  const text = 'INSERT INTO "Upload" VALUES ($1, $2)';
  await pool?.query({ name: "insert upload", text, values: [id, sha256] });
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ sha256 }));
}).listen(Number(process.env.PORT), "127.0.0.1");
