import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { Body } from "../bytes/read-body";
import type { BytesAnswer, BytesRequest } from "../bytes/serve-bytes";
import type { RequestContext, Services } from "../context";
import { errorResponse } from "../ground/errors";
import { headersFor, headOf } from "./direct-files";
import { report } from "./fetch";
import { anonymousContext, type Trust } from "./request-context";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A store's own endpoint, where the bytes are ours to serve. */
export interface ObjectEndpoint {
  answer(
    request: BytesRequest & { url: string; body: Body },
    requestId: string,
  ): Promise<BytesAnswer<AsyncGenerator<Uint8Array, undefined>>>;
}

const methods = ["GET", "HEAD", "PUT"];

/**
 * Objects of the disk store, straight from Node's request into Node's response: what answers is the store's own endpoint,
 * without a `Request`, a `Response` and a web stream around the bytes. Everything else goes to `otherwise` untouched.
 */
export function withDirectObjects(
  services: Services,
  trust: Trust,
  disk: ObjectEndpoint | null,
  otherwise: Answer,
): Answer {
  if (!disk) return otherwise;
  return (request, response) => {
    const { url = "", method = "" } = request;
    const isOurs = url.startsWith("/api/objects/") && methods.includes(method);
    const head = isOurs && request.headers.host ? headOf(request) : null;
    if (!head || !URL.canParse(head.url)) return otherwise(request, response);
    const { remoteAddress } = request.socket;
    const ctx = anonymousContext(services, head, { remoteAddress }, trust);
    // The files' own origin has no objects.
    if (ctx.origin === services.config.filesOrigin) return otherwise(request, response);
    void answerObject(disk, { request, response, head, ctx });
  };
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  head: ReturnType<typeof headOf>;
  ctx: RequestContext;
}

async function answerObject(disk: ObjectEndpoint, call: Call): Promise<void> {
  const { request, response, head, ctx } = call;
  try {
    const asked = { ...head, body: head.method === "PUT" ? request : null };
    const { status, headers, body } = await disk.answer(asked, ctx.requestId);
    // Of a body that was given up, the rest must not be taken for the next request.
    const rest = request.complete || head.method !== "PUT" ? {} : { connection: "close" };
    response.writeHead(status, headersFor(call, { ...headers, ...rest }));
    if (!body) return void response.end();
    await pipeline(body, response);
  } catch (error) {
    // A reader that went away first is no failure.
    if ((error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") return;
    report(ctx, error, request.url?.split("?")[0] ?? "");
    // What has begun is cut, which says that these were not all the bytes.
    if (response.headersSent) return void response.destroy();
    const failure = errorResponse(error, ctx.requestId);
    const headers = { ...Object.fromEntries(failure.headers), connection: "close" };
    response.writeHead(failure.status, headersFor(call, headers)).end(await failure.text());
  }
}
