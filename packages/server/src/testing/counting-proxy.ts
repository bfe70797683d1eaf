import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";

export interface CountingProxy {
  origin: string;
  /** The operations since the last call, in the words of S3. */
  take(): string[];
  close(): Promise<void>;
}

/** What R2 bills as class A; reads are class B, deletions and aborts are free. */
const classA = new Set([
  "PutObject",
  "CopyObject",
  "ListObjects",
  "CreateMultipartUpload",
  "UploadPart",
  "CompleteMultipartUpload",
]);

export function countClassA(operations: string[]): number {
  return operations.filter((operation) => classA.has(operation)).length;
}

/** Stands in front of an S3 API and writes down what is asked of it. */
export async function startCountingProxy(target: string): Promise<CountingProxy> {
  const { hostname, port } = new URL(target);
  let operations: string[] = [];
  const server = createServer((incoming, outgoing) => {
    operations.push(operationOf(incoming));
    const { method, url: path, headers } = incoming;
    const onward = send({ hostname, port, method, path, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = operations;
      operations = [];
      return taken;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function operationOf({ method, url = "", headers }: IncomingMessage): string {
  const { searchParams } = new URL(url, "http://store.test");
  if (method === "GET") return searchParams.has("list-type") ? "ListObjects" : "GetObject";
  if (method === "HEAD") return "HeadObject";
  if (method === "DELETE") {
    return searchParams.has("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
  }
  if (method === "POST") {
    return searchParams.has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
  }
  if (searchParams.has("partNumber")) return "UploadPart";
  return headers["x-amz-copy-source"] ? "CopyObject" : "PutObject";
}
