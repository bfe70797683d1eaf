// A server of Inngest's protocol in a process of its own: `inngest-server.ts <signing key> <event key>`. It prints its address.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InngestStandIn } from "./inngest-stand-in";

const [signingKey = "", eventKey = ""] = process.argv.slice(2);
const standIn = new InngestStandIn({
  signingKey,
  eventKey,
  call: (request) => fetch(request),
  now: new Date(),
});

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", async () => {
    const { method = "GET", url = "/", headers } = request;
    const answer = await standIn.fetch(new URL(url, "http://inngest.test"), {
      method,
      headers: headers as Record<string, string>,
      ...(method !== "GET" && { body: Buffer.concat(chunks) }),
    });
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(await answer.text());
  });
});
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`http://127.0.0.1:${port}\n`);
});

/** Its time is ours. One step after the other: a call of an app's may take longer than a tick. */
async function tick(): Promise<void> {
  await standIn.advanceTo(new Date());
  setTimeout(() => void tick(), 100);
}
void tick();
