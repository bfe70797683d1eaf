import type { IncomingMessage } from "node:http";
import { limits, signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../context";
import { flat } from "../ground/flat";
import { resolveRoomToken } from "../rooms/seats/resolve-room-token";
import { writeRoomStream } from "../rooms/stream/write-room-stream";
import { joinRoom } from "../rooms/verbs/join-room";
import { leaveRoom } from "../rooms/verbs/leave-room";
import { sendAsBearer } from "../rooms/verbs/send-as-bearer";
import { type Call, report } from "./call";
import { bearerOf } from "./credential";
import type { RequestHead } from "./forwarded";
import { type Exchange, writeFailure } from "./node-request";
import { type PlainCall, parseJson, readPlainCall } from "./plain-call";
import { trpcVary } from "./trpc-route";

const direct = /^signaling\.(join|send|messages)$/;

/** Answers a request by the fetch handler: one whose body is read already, or one that is whole. */
export interface Otherwise {
  withBody(call: Call, exchange: Exchange, body: string): Promise<void>;
  whole(call: Call, exchange: Exchange): void;
}

/**
 * The calls that a server with many rooms spends its time on, and that somebody waits for when a call begins:
 * `signaling.join`, `send` and `messages`, straight from Node's request into Node's response. The wire is tRPC's, and
 * the work is that of the same verbs; whatever is not the plain case (a batch, a session instead of a room token, input
 * that does not fit) goes to `otherwise`.
 */
export function answerSignaling(call: Call, exchange: Exchange, otherwise: Otherwise): void {
  const [, name] = direct.exec(call.route.rest) ?? [];
  const { method } = call.head;
  if (name && method === "POST" && call.query === "") {
    const format = formatOf(exchange.request);
    if (format && (name !== "messages" || format === "plain")) {
      return void answerPost(call, exchange, { name, isPlain: format === "plain", otherwise });
    }
  }
  const token = name === "messages" && method === "GET" ? roomTokenOf(bearerOf(call.head)) : null;
  if (token) return void answerQuery(call, exchange, { token, otherwise });
  otherwise.whole(call, exchange);
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

async function answerPost(
  call: Call,
  exchange: Exchange,
  { name, isPlain, otherwise }: { name: string; isPlain: boolean; otherwise: Otherwise },
): Promise<void> {
  const body = await readWhole(exchange.request);
  if (body === null) return;
  try {
    const plain = isPlain ? openPlainCall(call, body) : null;
    const input = plain ? plain.input : parseJson(body);
    const bearer = plain ? plain.bearer : bearerOf(call.head);
    const json = await answerOf(call, exchange, {
      name,
      plain,
      input,
      token: roomTokenOf(bearer),
    });
    if (json) return answerJson(call, exchange, json);
    if (name === "messages" && roomTokenOf(bearer)) {
      const wanted = signaling.messages.input.safeParse(input);
      const resumed = plain?.lastEventId ?? null;
      const follow = { token: bearer ?? "", given: wanted.data ?? null, resumed };
      if (await followed(call, exchange, follow)) return;
    }
    await otherwise.withBody(call, exchange, body);
  } catch (error) {
    writeFailure(call, exchange, error, `signaling.${name}`);
  }
}

/** What tRPC would answer to a join or a send that is the plain case; null for any other. */
async function answerOf(
  call: Call,
  { response }: Exchange,
  asked: { name: string; plain: PlainCall | null; input: unknown; token: string | null },
): Promise<string | null> {
  const { name, plain, input, token } = asked;
  const { services } = call.hosting;
  const { clientAddress: address } = call;
  if (name === "join") {
    const wanted = signaling.join.input.safeParse(input);
    if (!wanted.success) return null;
    const ctx = await call.identified(plain ? bearerHead(call.head, plain) : call.head);
    const { roomId } = wanted.data;
    services.limits.allow("joins", { userId: ctx.identity?.userId ?? null, roomId, address });
    const seat = await joinRoom(ctx, wanted.data);
    // Nobody hears of this seat: whoever took it comes back with its key, or somebody else gets it.
    if (response.destroyed) await releaseSeat(ctx, seat.roomToken);
    return `{"result":{"data":${JSON.stringify(seat)}}}`;
  }
  if (name === "send" && token) {
    const wanted = signaling.send.input.safeParse(input);
    if (!wanted.success) return null;
    services.limits.allow("signals", { roomId: wanted.data.roomId, address });
    const { cursor } = await sendAsBearer(call.ctx, token, wanted.data);
    return `{"result":{"data":{"cursor":"${cursor}"}}}`;
  }
  return null;
}

async function releaseSeat(ctx: RequestContext, roomToken: string): Promise<void> {
  const identity = await resolveRoomToken(ctx, roomToken);
  // It has come back already, by another request.
  if (!identity) return;
  await leaveRoom({ ...ctx, identity }, { roomId: identity.roomId, mayReturn: true });
}

/** Neither cookie nor header says who makes a plain call: only what its body brings. */
function bearerHead(head: RequestHead, { bearer }: PlainCall): RequestHead {
  const authorization = bearer ? `Bearer ${bearer}` : null;
  return {
    ...head,
    headers: {
      get: (name) => (name === "authorization" ? authorization : null),
      entries: () => (authorization === null ? [] : [["authorization", authorization]]),
    },
  };
}

function openPlainCall(call: Call, body: string): PlainCall {
  const origin = call.head.headers.get("origin");
  const { allowedOrigins } = call.hosting.services.config;
  return readPlainCall(body, { origin, ownOrigin: call.origin, allowedOrigins });
}

function answerJson(call: Call, { response }: Exchange, json: string): void {
  if (response.destroyed) return;
  const headers = call.headers({
    "content-type": "application/json",
    vary: trpcVary,
    "content-length": Buffer.byteLength(json),
  });
  response.writeHead(200, headers).end(json);
}

/** Null when the sender went away first, or was answered meanwhile for being too slow. */
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

async function answerQuery(
  call: Call,
  exchange: Exchange,
  { token, otherwise }: { token: string; otherwise: Otherwise },
): Promise<void> {
  const query = new URLSearchParams(call.query);
  const given = signaling.messages.input.safeParse(parseJson(query.get("input") ?? ""));
  const resumed =
    call.head.headers.get("last-event-id") ??
    query.get("lastEventId") ??
    query.get("Last-Event-Id");
  try {
    const follow = { token, given: given.data ?? null, resumed };
    if (query.has("batch") || !(await followed(call, exchange, follow))) {
      otherwise.whole(call, exchange);
    }
  } catch (error) {
    writeFailure(call, exchange, error, "signaling.messages");
  }
}

/** @returns whether it is the plain case, and begun */
async function followed(
  call: Call,
  { response }: Exchange,
  follow: {
    token: string;
    given: z.output<typeof signaling.messages.input> | null;
    resumed: string | null;
  },
): Promise<boolean> {
  const { token, given, resumed } = follow;
  const { services } = call.hosting;
  const cursor = cursorOf(resumed) ?? given?.lastEventId ?? null;
  const isPlain = given !== null && (!resumed || cursorOf(resumed) !== null);
  // Who it is is asked first: a token that is void, or a database that is away, is answered as everywhere.
  const peer = isPlain ? await resolveRoomToken(services, token).catch(() => null) : null;
  if (!given || peer?.roomId !== given.roomId) return false;

  const { userId, roomId } = peer;
  services.limits.allow("streams", { userId, roomId, address: call.clientAddress });
  const requestId = flat(call.requestId);
  response.writeHead(
    200,
    call.headers({
      "x-request-id": requestId,
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      connection: "keep-alive",
      vary: trpcVary,
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

function cursorOf(given: string | null): string | null {
  const cursor = signaling.messages.input.shape.lastEventId.safeParse(given);
  return cursor.success ? (cursor.data ?? null) : null;
}
