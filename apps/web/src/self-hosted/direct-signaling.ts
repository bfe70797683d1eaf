import { randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { limits, signaling } from "@fermata/contract";
import {
  errorShapeOf,
  resolveRoomToken,
  type Services,
  sendAsBearer,
  toAppError,
  writeRoomStream,
} from "@fermata/server";
import { type Api, report } from "../api";
import { corsHeadersFor } from "../cors";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const vary = "trpc-accept, accept";

/**
 * The two calls that a server with many rooms spends its time on, `signaling.send` and `signaling.messages`, straight
 * from Node's request into Node's response. The wire is tRPC's, and the work is that of the same verbs; whatever is not
 * the plain case (a batch, a session instead of a room token, input that does not fit) goes to `otherwise` untouched.
 */
export function withDirectSignaling(services: Services, api: Api, otherwise: Answer): Answer {
  return (request, response) => {
    const { url = "", method, headers } = request;
    if (!url.startsWith("/api/trpc/signaling.")) return otherwise(request, response);
    const token = /^Bearer +(fmr_\S+)$/i.exec(headers.authorization ?? "")?.[1];
    if (!token) return otherwise(request, response);
    if (method === "POST" && url === "/api/trpc/signaling.send" && isPlainJson(request)) {
      return void answerSend(services, api, { request, response, token });
    }
    if (method === "GET" && url.startsWith("/api/trpc/signaling.messages?")) {
      return void answerMessages(services, { request, response, token }, otherwise);
    }
    otherwise(request, response);
  };
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  token: string;
}

function isPlainJson({ headers }: IncomingMessage): boolean {
  const sizeBytes = Number(headers["content-length"]);
  return (
    headers["content-type"]?.startsWith("application/json") === true &&
    sizeBytes <= limits.jsonBodyBytes &&
    !("trpc-accept" in headers)
  );
}

async function answerSend(services: Services, api: Api, call: Call): Promise<void> {
  const { request, response, token } = call;
  const body = await readWhole(request);
  if (body === null) return;
  try {
    const input = signaling.send.input.safeParse(parseJson(body));
    if (!input.success) return await answerByApi(api, call, body);
    const { cursor } = await sendAsBearer(services, token, input.data);
    const json = `{"result":{"data":{"cursor":"${cursor}"}}}`;
    const length = Buffer.byteLength(json);
    response.writeHead(200, headersFor(services, request, { "content-length": length })).end(json);
  } catch (error) {
    const requestId = randomUUID();
    report({ requestId, log: services.log }, error, "signaling.send");
    const failure = toAppError(error);
    const json = JSON.stringify({ error: errorShapeOf(failure, requestId) });
    const extra = { "x-request-id": requestId, "content-length": Buffer.byteLength(json) };
    response.writeHead(failure.httpStatus, headersFor(services, request, extra)).end(json);
  }
}

/** Null when the sender went away first. */
function readWhole(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const [only] = chunks;
      resolve((only && chunks.length === 1 ? only : Buffer.concat(chunks)).toString());
    });
    request.on("close", () => resolve(null));
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The body is read already, so the API gets a request made of it. */
async function answerByApi(api: Api, call: Call, body: string): Promise<void> {
  const { request, response } = call;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string" && name !== "content-length") headers.set(name, value);
  }
  const url = `http://${request.headers.host ?? "localhost"}${request.url}`;
  const { remoteAddress } = request.socket;
  const answer = await api(new Request(url, { method: "POST", headers, body }), { remoteAddress });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

async function answerMessages(services: Services, call: Call, otherwise: Answer): Promise<void> {
  const { request, response, token } = call;
  const query = new URL(request.url ?? "", "http://localhost").searchParams;
  const given = signaling.messages.input.safeParse(parseJson(query.get("input") ?? ""));
  const resumed =
    request.headers["last-event-id"] ?? query.get("lastEventId") ?? query.get("Last-Event-Id");
  const cursor = cursorOf(resumed) ?? (given.success ? given.data.lastEventId : null) ?? null;
  const isPlain = given.success && !query.has("batch") && (!resumed || cursorOf(resumed) !== null);
  // Who it is is asked first: a token that is void, or a database that is away, is answered as everywhere.
  const peer = isPlain ? await resolveRoomToken(services, token).catch(() => null) : null;
  if (!given.success || peer?.roomId !== given.data.roomId) return otherwise(request, response);

  const requestId = randomUUID();
  response.writeHead(
    200,
    headersFor(services, request, {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      connection: "keep-alive",
      ...(request.headers.origin && { "x-request-id": requestId }),
    }),
  );
  const { presence } = given.data;
  writeRoomStream(services, response, {
    peer,
    cursor,
    presence,
    requestId,
    onFailure: (error) => report({ requestId, log: services.log }, error, "signaling.messages"),
  });
}

function cursorOf(given: string | string[] | null): string | null {
  const cursor = signaling.messages.input.shape.lastEventId.safeParse(given);
  return cursor.success ? (cursor.data ?? null) : null;
}

function headersFor(
  services: Services,
  { headers: { origin } }: IncomingMessage,
  extra: OutgoingHttpHeaders,
): OutgoingHttpHeaders {
  if (!origin) return { "content-type": "application/json", vary, ...extra };
  const cors = Object.fromEntries(corsHeadersFor(origin, services.config.allowedOrigins));
  const varies = cors.vary ? `${vary}, ${cors.vary}` : vary;
  return { "content-type": "application/json", ...cors, ...extra, vary: varies };
}
