import { randomUUID } from "node:crypto";
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { RequestContext, Services } from "../context";
import { answerFile, type ServingContext } from "../files/http";
import { receiveUpload } from "../files/receiving/receive-upload";
import { errorResponse } from "../ground/errors";
import { corsHeadersFor } from "./cors";
import { report } from "./fetch";
import {
  anonymousContext,
  type Identify,
  identified,
  originOf,
  type Trust,
} from "./request-context";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const uploadPath = /^\/api\/files\/upload\/([\w-]+)$/;
const filePath = /^\/api\/files\/([\w-]+)(?:\?(.*))?$/;

/**
 * Uploads and stored files, straight from Node's request into Node's response: the verbs, the headers and the errors are
 * those of the fetch handler, without a `Request`, a `Response` and a web stream for each. What does not look like one of
 * ours goes to `otherwise` untouched.
 */
export function withDirectFiles(
  services: Services,
  { trust, identify }: { trust: Trust; identify: Identify },
  otherwise: Answer,
): Answer {
  return (request, response) => {
    const { url = "", method } = request;
    if (!url.startsWith("/api/files/") || !request.headers.host)
      return otherwise(request, response);
    const [, storageId, query] = filePath.exec(url) ?? [];
    const [, token] = uploadPath.exec(url) ?? [];
    const call = callOf(services, trust, request, response);
    if (storageId && (method === "GET" || method === "HEAD")) {
      return void answerRead(call, storageId, query);
    }
    // The files' own origin takes none.
    if (token && method === "POST" && call.origin !== services.config.filesOrigin) {
      return void answerUpload(call, { trust, identify }, token);
    }
    otherwise(request, response);
  };
}

interface Call {
  services: Services;
  request: IncomingMessage;
  response: ServerResponse;
  head: Head;
  origin: string;
  ctx: Pick<RequestContext, "requestId" | "config" | "log">;
}

type Head = ReturnType<typeof headOf>;

/** What verbs read of a `Request`, of Node's. */
export function headOf({ headers, method = "GET", url }: IncomingMessage) {
  return {
    method,
    url: `http://${headers.host}${url}`,
    headers: {
      get(name: string): string | null {
        const value = headers[name];
        return (Array.isArray(value) ? value.join(", ") : value) ?? null;
      },
    },
  };
}

function callOf(
  services: Services,
  trust: Trust,
  request: IncomingMessage,
  response: ServerResponse,
): Call {
  const head = headOf(request);
  const origin = originOf(services, head, trust);
  const { config, log } = services;
  const ctx = { requestId: randomUUID(), config, log };
  return { services, request, response, head, origin, ctx };
}

async function answerUpload(
  call: Call,
  { trust, identify }: { trust: Trust; identify: Identify },
  token: string,
): Promise<void> {
  const { services, request, response, head } = call;
  try {
    const { remoteAddress } = request.socket;
    const anybody = anonymousContext(services, head, { remoteAddress }, trust);
    const ctx = { ...anybody, requestId: call.ctx.requestId };
    const known = await identified(ctx, head, identify);
    const posted = { headers: head.headers, body: request };
    const json = JSON.stringify(await receiveUpload(known, { request: posted, token }));
    const headers = headersFor(call, {
      "content-type": "application/json",
      "cache-control": "no-store",
      "content-length": Buffer.byteLength(json),
    });
    response.writeHead(200, headers).end(json);
  } catch (error) {
    await answerFailure(call, error);
  }
}

async function answerRead(call: Call, storageId: string, query = ""): Promise<void> {
  const { response, head } = call;
  try {
    const wanted = { storageId, query };
    const ctx = servingContext(call);
    const { status, headers, body } = await answerFile(ctx, head, wanted);
    response.writeHead(status, headersFor(call, headers));
    if (!body) return void response.end();
    await pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), response);
  } catch (error) {
    if (!response.headersSent) return await answerFailure(call, error);
    // The connection is cut, which says that these were not all the bytes. A reader that went away first is no failure.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") {
      reportFailure(call, error);
    }
  }
}

/** One for all requests to an origin: a copy of the services for each would cost as much as a signature. */
const contexts = new WeakMap<Services, ServingContext>();

function servingContext({ services, origin }: Call): ServingContext {
  const last = contexts.get(services);
  if (last?.origin === origin) return last;
  const ctx = { ...services, origin };
  contexts.set(services, ctx);
  return ctx;
}

async function answerFailure(call: Call, error: unknown): Promise<void> {
  const { request, response, head, ctx } = call;
  reportFailure(call, error);
  const failure = errorResponse(error, ctx.requestId);
  const text = await failure.text();
  response.writeHead(
    failure.status,
    headersFor(call, {
      ...Object.fromEntries(failure.headers),
      ...(head.method !== "HEAD" && { "content-length": Buffer.byteLength(text) }),
      // Of a body that was given up, the rest must not be taken for the next request.
      ...(!request.complete && { connection: "close" }),
    }),
  );
  response.end(head.method === "HEAD" ? undefined : text);
}

function reportFailure({ ctx, request }: Call, error: unknown): void {
  report(ctx, error, request.url?.split("?")[0] ?? "");
}

/** With what every answer carries: the request's id, and leave for allowed origins to read it. */
export function headersFor(
  { request, ctx }: { request: IncomingMessage; ctx: Pick<RequestContext, "requestId" | "config"> },
  headers: OutgoingHttpHeaders,
): OutgoingHttpHeaders {
  const { origin } = request.headers;
  headers["x-request-id"] = ctx.requestId;
  if (!origin) return headers;
  return Object.assign(
    headers,
    Object.fromEntries(corsHeadersFor(origin, ctx.config.allowedOrigins)),
  );
}
