import { randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import { limits, signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext, Services } from "../context";
import { errorShapeOf, toAppError } from "../ground/errors";
import { resolveRoomToken } from "../rooms/seats/resolve-room-token";
import { writeRoomStream } from "../rooms/stream/write-room-stream";
import { joinRoom } from "../rooms/verbs/join-room";
import { leaveRoom } from "../rooms/verbs/leave-room";
import { sendAsBearer } from "../rooms/verbs/send-as-bearer";
import { corsHeadersFor } from "./cors";
import { headOf } from "./direct-files";
import { type Api, report } from "./fetch";
import { type PlainCall, parseJson, readPlainCall } from "./plain-call";
import {
  anonymousContext,
  bearerOf,
  type Identify,
  identified,
  type Trust,
} from "./request-context";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const vary = "trpc-accept, accept";
const postPath = /^\/api\/trpc\/signaling\.(join|send|messages)$/;

/**
 * The calls that a server with many rooms spends its time on, and that somebody waits for when a call begins:
 * `signaling.join`, `send` and `messages`, straight from Node's request into Node's response. The wire is tRPC's, and
 * the work is that of the same verbs; whatever is not the plain case (a batch, a session instead of a room token, input
 * that does not fit) goes to `otherwise` untouched.
 */
export function withDirectSignaling(
  services: Services,
  {
    api,
    trust,
    identify,
    otherwise,
  }: { api: Api; trust: Trust; identify: Identify; otherwise: Answer },
): Answer {
  return (request, response) => {
    const { url = "", method, headers } = request;
    if (!url.startsWith("/api/trpc/signaling.") || !headers.host) {
      return otherwise(request, response);
    }
    const call = { services, api, trust, identify, request, response };
    const [, name] = (method === "POST" && postPath.exec(url)) || [];
    const format = formatOf(request);
    if (name && format && (name !== "messages" || format === "plain")) {
      return void answerPost(call, name, format === "plain");
    }
    const token = roomTokenOf(bearerOf(headOf(request)));
    if (token && method === "GET" && url.startsWith("/api/trpc/signaling.messages?")) {
      return void answerQuery(call, token, otherwise);
    }
    otherwise(request, response);
  };
}

interface Call {
  services: Services;
  api: Api;
  trust: Trust;
  identify: Identify;
  request: IncomingMessage;
  response: ServerResponse;
}

function formatOf({ headers }: IncomingMessage): "plain" | "json" | null {
  const { "content-type": type = "", "content-length": length } = headers;
  if (!(Number(length) <= limits.jsonBodyBytes) || "trpc-accept" in headers) return null;
  if (type.startsWith("text/plain")) return "plain";
  return type.startsWith("application/json") ? "json" : null;
}

function roomTokenOf(bearer: string | null | undefined): string | null {
  return bearer?.startsWith("fmr_") ? bearer : null;
}

async function answerPost(call: Call, name: string, isPlain: boolean): Promise<void> {
  const { services, request, response, trust } = call;
  const body = await readWhole(request);
  if (body === null) return;
  try {
    const anybody = () =>
      anonymousContext(
        services,
        headOf(request),
        { remoteAddress: request.socket.remoteAddress },
        trust,
      );
    const plain = isPlain ? openPlainCall(call, anybody().origin, body) : null;
    const input = plain ? plain.input : parseJson(body);
    const token = roomTokenOf(plain ? plain.bearer : bearerOf(headOf(request)));
    if (name === "join") {
      const wanted = signaling.join.input.safeParse(input);
      if (wanted.success) {
        const head = plain ? bearerHead(request, plain) : headOf(request);
        const ctx = await identified(anybody(), head, call.identify);
        const seat = await joinRoom(ctx, wanted.data);
        // Nobody hears of this seat: whoever took it comes back with its key, or somebody else gets it.
        if (response.destroyed) return await releaseSeat(services, ctx, seat.roomToken);
        return answerJson(call, `{"result":{"data":${JSON.stringify(seat)}}}`);
      }
    } else if (name === "send" && token) {
      const wanted = signaling.send.input.safeParse(input);
      if (wanted.success) {
        const { cursor } = await sendAsBearer(anybody(), token, wanted.data);
        return answerJson(call, `{"result":{"data":{"cursor":"${cursor}"}}}`);
      }
    } else if (name === "messages" && token) {
      const wanted = signaling.messages.input.safeParse(input);
      const resumed = plain?.lastEventId ?? null;
      const follow = { token, given: wanted.data ?? null, resumed };
      if (await followed(call, follow)) return;
    }
    await answerByApi(call, body);
  } catch (error) {
    const requestId = randomUUID();
    report({ requestId, log: services.log }, error, `signaling.${name}`);
    const failure = toAppError(error);
    const json = JSON.stringify({ error: errorShapeOf(failure, requestId) });
    const extra = { "x-request-id": requestId, "content-length": Buffer.byteLength(json) };
    response.writeHead(failure.httpStatus, headersFor(services, request, extra)).end(json);
  }
}

function openPlainCall({ services, request }: Call, ownOrigin: string, body: string): PlainCall {
  const { origin = null } = request.headers;
  const { allowedOrigins } = services.config;
  return readPlainCall(body, { origin, ownOrigin, allowedOrigins });
}

/** Neither cookie nor header says who makes a plain call: only what its body brings. */
function bearerHead(request: IncomingMessage, { bearer }: PlainCall) {
  const authorization = bearer ? `Bearer ${bearer}` : null;
  const get = (name: string) => (name === "authorization" ? authorization : null);
  return { ...headOf(request), headers: { get } };
}

function answerJson({ services, request, response }: Call, json: string): void {
  const headers = headersFor(services, request, { "content-length": Buffer.byteLength(json) });
  response.writeHead(200, headers).end(json);
}

async function releaseSeat(
  services: Services,
  ctx: RequestContext,
  roomToken: string,
): Promise<void> {
  const identity = await resolveRoomToken(services, roomToken);
  // It has come back already, by another request.
  if (!identity) return;
  await leaveRoom({ ...ctx, identity }, { roomId: identity.roomId, mayReturn: true });
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

/** The body is read already, so the API gets a request made of it. */
async function answerByApi(call: Call, body: string): Promise<void> {
  const { api, request, response } = call;
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === "string" && name !== "content-length") headers.set(name, value);
  }
  const url = `http://${request.headers.host ?? "localhost"}${request.url}`;
  const { remoteAddress } = request.socket;
  const answer = await api(new Request(url, { method: "POST", headers, body }), { remoteAddress });
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (!answer.body) return void response.end();
  await pipeline(Readable.fromWeb(answer.body as NodeReadableStream<Uint8Array>), response).catch(
    () => {
      // Whoever asked went away.
    },
  );
}

async function answerQuery(call: Call, token: string, otherwise: Answer): Promise<void> {
  const { request, response } = call;
  const query = new URL(request.url ?? "", "http://localhost").searchParams;
  const given = signaling.messages.input.safeParse(parseJson(query.get("input") ?? ""));
  const resumed =
    request.headers["last-event-id"] ?? query.get("lastEventId") ?? query.get("Last-Event-Id");
  const follow = { token, given: given.data ?? null, resumed };
  if (query.has("batch") || !(await followed(call, follow))) otherwise(request, response);
}

/** @returns whether it is the plain case, and begun */
async function followed(
  { services, request, response }: Call,
  follow: {
    token: string;
    given: z.output<typeof signaling.messages.input> | null;
    resumed: string | string[] | null;
  },
): Promise<boolean> {
  const { token, given, resumed } = follow;
  const cursor = cursorOf(resumed) ?? given?.lastEventId ?? null;
  const isPlain = given !== null && (!resumed || cursorOf(resumed) !== null);
  // Who it is is asked first: a token that is void, or a database that is away, is answered as everywhere.
  const peer = isPlain ? await resolveRoomToken(services, token).catch(() => null) : null;
  if (!given || peer?.roomId !== given.roomId) return false;

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
  const { presence } = given;
  writeRoomStream(services, response, {
    peer,
    cursor,
    presence,
    requestId,
    onFailure: (error) => report({ requestId, log: services.log }, error, "signaling.messages"),
  });
  return true;
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
