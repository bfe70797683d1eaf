import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

// The least that takes an upload: its body to a file, and its SHA-256 on the way. No database, no checks, and nothing is
// forced to the disk unless FSYNC says so.
const dir = process.env.UPLOADS_DIR ?? "";
const flush = process.env.FSYNC === "1";

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
  await pipeline(request, measure, createWriteStream(join(dir, randomUUID()), { flush }));
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ sha256: hash.digest("hex") }));
}).listen(Number(process.env.PORT), "127.0.0.1");
