import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What befalls one request: a reset before it is served, an answer that is lost after it was or cut half a second after
 * it began, a busy server, one that fails, one that reads and never answers; or a way on which the request, or its answer,
 * takes so long.
 */
export type Fault =
  | "reset"
  | "lose-answer"
  | "cut"
  | "busy"
  | "error"
  | "hang"
  | { requestMs?: number; answerMs?: number }
  | null;

export interface Answer {
  method: string;
  url: string;
  status: number;
  body: string;
  arrived: boolean;
}

export interface FaultProxy {
  origin: string;
  /** How many requests met a fault. */
  faults(): number;
  /** Decides for each request from now on. `count` is how many have matched the same method and path so far. */
  plan(choose: (request: IncomingMessage, count: number) => Fault): void;
  /** Is told of every answer that the server gave, and whether it reached who had asked. */
  listen(told: (answer: Answer) => void): void;
  close(): Promise<void>;
}

/** A bad network in front of a server. The server sees the proxy's own Host, so the URLs that it makes lead back here. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const counts = new Map<string, number>();
  let choose: (request: IncomingMessage, count: number) => Fault = () => null;
  let faults = 0;
  let told: ((answer: Answer) => void) | null = null;

  const server = createServer((request, response) => {
    const name = `${request.method} ${request.url?.split("?")[0]}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    const fault = choose(request, count);
    if (fault) faults++;
    if (fault === "reset") {
      request.socket.destroy();
      return;
    }
    if (fault === "hang") {
      request.resume();
      return;
    }
    if (fault === "busy" || fault === "error") {
      const [status, code] = fault === "busy" ? [503, "SlowDown"] : [500, "InternalError"];
      const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`;
      const headers = { "content-type": "application/xml" };
      request.resume().on("end", () => response.writeHead(status, headers).end(body));
      return;
    }
    const { requestMs = 0, answerMs = 0 } = typeof fault === "object" && fault ? fault : {};
    const { method, url: path, headers } = request;
    const passOn = () => {
      const onward = send({ hostname, port, method, path, headers }, (answer) => {
        const arrives = () => fault !== "lose-answer" && !request.socket.destroyed;
        if (told && method !== "GET") tell(request, answer, arrives, told);
        if (fault === "lose-answer") {
          answer.resume().on("end", () => request.socket.destroy());
          return;
        }
        afterMs(answerMs, () => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        });
        if (fault === "cut") setTimeout(() => request.socket.destroy(), 500);
      });
      onward.on("error", () => request.socket.destroy());
      request.on("close", () => {
        if (!request.complete) onward.destroy();
      });
      request.pipe(onward);
    };
    afterMs(requestMs, passOn);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults: () => faults,
    listen(next) {
      told = next;
    },
    plan(next) {
      choose = next;
      counts.clear();
      faults = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function afterMs(ms: number, task: () => void): void {
  if (ms === 0) task();
  else setTimeout(task, ms);
}

/** Answers to what changes something are short. */
function tell(
  { method = "", url = "" }: IncomingMessage,
  answer: IncomingMessage,
  arrives: () => boolean,
  told: (answer: Answer) => void,
): void {
  const chunks: Buffer[] = [];
  answer.on("data", (chunk: Buffer) => chunks.push(chunk));
  answer.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    told({ method, url, status: answer.statusCode ?? 0, body, arrived: arrives() });
  });
}
