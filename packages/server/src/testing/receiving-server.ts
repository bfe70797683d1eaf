import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createDiskObjectStore } from "../adapters/object-store/disk";
import type { PostedFile } from "../files/receiving/quarantine";
import { receiveUpload } from "../files/receiving/receive-upload";
import { openDatabase } from "../ground/db";
import { poolTransaction } from "../ground/shared-transaction";
import { systemClock } from "../ports/clock";
import { openWorkbench } from "../workbench/open-workbench";
import { serveFetch } from "./serve-fetch";
import { silentLog } from "./silent-log";

// A server process of its own, which receives files over a given database and directory until it is killed.
// It reads Node's own request where it is told to, as the self-hosted server does, else a web stream.
const [, , url = "", dir = "", host = "fetch"] = process.argv;
const clock = systemClock;
const log = silentLog;
const { pool } = openDatabase({ url, log, maxConnections: 4 });
const objects = createDiskObjectStore({
  dir,
  secret: "another that only tests know",
  clock,
  onPart: async () => {},
});
const workbench = openWorkbench();
const receive = (path: string, request: PostedFile) => {
  const token = path.split("/").at(-1) ?? "";
  const transaction = poolTransaction(pool);
  const ctx = { pool, objects, workbench, clock, log, uploads: {}, transaction };
  return receiveUpload({ ...ctx, identity: null }, { request, token });
};
const origin = host === "node" ? await serveNode() : await serveWeb();
// The connection and the first statement take longer than an upload.
await pool.query("SELECT 1");
process.stdout.write(`${origin}\n`);

async function serveWeb(): Promise<string> {
  const server = await serveFetch(async (request) =>
    Response.json(await receive(new URL(request.url).pathname, request)),
  );
  return server.origin;
}

async function serveNode(): Promise<string> {
  const server = createServer(async (body, response) => {
    const headers = { get: (name: string) => body.headers[name]?.toString() ?? null };
    const stored = await receive(body.url ?? "", { headers, body });
    response.end(JSON.stringify(stored));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
