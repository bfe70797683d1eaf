import type { IncomingMessage, ServerResponse } from "node:http";
import { lingerOn } from "../bytes/read-body";
import { AppError } from "../ground/errors";
import { tooSlow } from "./bounded-body";
import type { Call } from "./call";
import type { RequestHead } from "./forwarded";
import type { RoutePolicy } from "./policy";

/** One request and its answer, as Node has them. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** What is read of a request's head, of Node's. */
export function headOf(request: IncomingMessage): RequestHead {
  const { headers, method = "GET", url = "" } = request;
  // A proxy may ask for the whole URL; the host in it then stands for the header.
  let target = url;
  if (url[0] !== "/") {
    const [, host, rest] = /^https?:\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
    if (host) headers.host = host;
    if (host) target = rest || "/";
  }
  return {
    method,
    target,
    url: `http://${headers.host ?? "localhost"}${target}`,
    headers: {
      get(name: string): string | null {
        const value = headers[name];
        return (Array.isArray(value) ? value.join(", ") : value) ?? null;
      },
      entries: () =>
        Object.entries(headers).flatMap(([name, value = []]) =>
          [value].flat().map((one): [string, string] => [name, one]),
        ),
    },
  };
}

export function hasBody({ headers }: IncomingMessage): boolean {
  return "transfer-encoding" in headers || Number(headers["content-length"] ?? 0) > 0;
}

/** Of a body that was given up, the rest must not be taken for the next request. */
export function closing(request: IncomingMessage): { connection?: "close" } {
  return hasBody(request) && !request.complete ? { connection: "close" } : {};
}

/** Reports and answers what was thrown; what has begun is cut, which says that these were not all the bytes. */
export function writeFailure(
  call: Call,
  { request, response }: Exchange,
  thrown: unknown,
  path?: string,
): void {
  const { status, headers, text } = call.failure(thrown, path);
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { ...headers, ...closing(request) });
  void endAfterBody({ request, response }, text);
}

/** Ends an answer that may have come before the request's end: it is out at once, its connection stays a moment longer. */
export async function endAfterBody(
  { request, response }: Exchange,
  text: string | Uint8Array,
): Promise<void> {
  if (!hasBody(request) || request.complete) return void response.end(text);
  response.flushHeaders();
  if (text.length > 0) response.write(text);
  await lingerOn(request);
  response.end();
}

const methodsWithBodies = new Set(["POST", "PUT"]);

/** Cuts a body that does not arrive in its route's time. What is bounded by stalling is watched by who reads it. */
export function boundBody(call: Call, exchange: Exchange, { body }: RoutePolicy): void {
  const { request, response } = exchange;
  if (!hasBody(request)) return;
  // Nobody will read it.
  const isRead = body && methodsWithBodies.has(request.method ?? "");
  if (!isRead) return void response.setHeader("connection", "close");
  if (body.bound === "stall") return;
  // Most bodies came with their head, and are whole as soon as Node has told of it.
  process.nextTick(() => {
    if (!request.complete && !request.destroyed) watchBody(call, exchange, body);
  });
}

function watchBody(
  call: Call,
  exchange: Exchange,
  { idleSeconds, totalSeconds }: { idleSeconds: number; totalSeconds: number },
): void {
  const { request, response } = exchange;
  const { socket } = request;
  let leftSeconds = totalSeconds;
  let seenBytes = socket.bytesRead;
  const watch = setInterval(() => {
    leftSeconds -= idleSeconds;
    if (request.complete) return clearInterval(watch);
    if (leftSeconds > 0 && socket.bytesRead > seenBytes) {
      seenBytes = socket.bytesRead;
      return;
    }
    clearInterval(watch);
    writeFailure(call, exchange, tooSlow());
    response.once("close", () => socket.destroy());
  }, idleSeconds * 1000);
  request.once("close", () => clearInterval(watch));
}

/**
 * Refuses a body that turns out to be longer than its route allows, for a reader that does not count. A declared length
 * was refused before.
 */
export function capBody(call: Call, exchange: Exchange, maxBytes: number): void {
  const { request } = exchange;
  if (!("transfer-encoding" in request.headers)) return;
  const push = request.push.bind(request);
  let sizeBytes = 0;
  let isRefused = false;
  // By this Node hands each piece to whoever reads the body. Listening for them would take them away from that reader.
  request.push = (chunk: Buffer | null, encoding?: BufferEncoding): boolean => {
    sizeBytes += chunk?.length ?? 0;
    if (sizeBytes <= maxBytes) return push(chunk, encoding);
    if (!isRefused) {
      isRefused = true;
      const { socket } = request;
      exchange.response.once("close", () => socket.destroy());
      writeFailure(call, exchange, new AppError("PAYLOAD_TOO_LARGE", { limitBytes: maxBytes }));
    }
    // Taken off the wire and thrown away, so that the answer can be read.
    return true;
  };
}
