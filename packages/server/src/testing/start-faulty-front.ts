import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";

export interface FaultyFront {
  origin: string;
  /** What happens to a request: it is answered with a status of ours, or done and its answer is lost. */
  fault: (request: IncomingMessage) => number | "lose the answer" | null;
  close(): Promise<void>;
}

/** Stands in front of an S3 API and spoils what it is told to. */
export async function startFaultyFront(target: string): Promise<FaultyFront> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const fault = front.fault(incoming);
    if (typeof fault === "number") {
      incoming.resume();
      outgoing.writeHead(fault, { "content-type": "application/xml", connection: "close" });
      const code = fault === 501 ? "NotImplemented" : "InternalError";
      return void outgoing.end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
    }
    const { method, url: path, headers } = incoming;
    const onward = send({ hostname, port, method, path, headers, agent: false }, (answer) => {
      if (fault) return void answer.resume().on("end", () => incoming.socket.destroy());
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const front: FaultyFront = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fault: () => null,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return front;
}
