import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeReadableStream } from "node:stream/web";
import type { RequestContext, Services } from "../context";
import { answerFile, type ServingContext } from "../files/http";
import { receiveUpload } from "../files/receiving/receive-upload";
import { receiveMedia } from "../media/http";
import type { Call } from "./call";
import type { RequestHead } from "./forwarded";
import { type Exchange, writeFailure } from "./node-request";

/**
 * An upload, straight from Node's request into Node's response: the verb, the headers and the errors are those of the
 * fetch handler, without a `Request`, a `Response` and a web stream for each.
 */
export async function answerUpload(call: Call, exchange: Exchange): Promise<void> {
  return answerPosted(call, exchange, async (ctx, request) => {
    const token = call.route.rest;
    return { said: await receiveUpload(ctx, { request, token }) };
  });
}

/** Media in one request, in the same way. */
export async function answerMedia(call: Call, exchange: Exchange): Promise<void> {
  return answerPosted(call, exchange, async (ctx, posted) => {
    const { media, etag } = await receiveMedia(ctx, posted);
    call.hosting.services.jobs.hint();
    return { said: media, headers: { etag } };
  });
}

async function answerPosted(
  call: Call,
  exchange: Exchange,
  receive: (
    ctx: RequestContext,
    posted: { headers: RequestHead["headers"]; body: IncomingMessage },
  ) => Promise<{ said: object; headers?: Record<string, string> }>,
): Promise<void> {
  const { request, response } = exchange;
  try {
    const posted = { headers: call.head.headers, body: request };
    const { said, headers = {} } = await receive(await call.identified(), posted);
    const json = JSON.stringify(said);
    const all = call.headers({
      ...headers,
      "content-type": "application/json",
      "content-length": Buffer.byteLength(json),
    });
    response.writeHead(200, all).end(json);
  } catch (error) {
    writeFailure(call, exchange, error);
  }
}

/** A stored file, in the same way. */
export async function answerRead(call: Call, exchange: Exchange): Promise<void> {
  const { response } = exchange;
  const { head, query, route } = call;
  try {
    const ctx = servingContext(call.hosting.services, call.origin);
    const wanted = { storageId: route.rest, query };
    const { status, headers, body } = await answerFile(ctx, head, wanted);
    response.writeHead(status, call.headers(headers));
    if (!body) return void response.end();
    await pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), response);
  } catch (error) {
    // A reader that went away first is no failure.
    if ((error as NodeJS.ErrnoException).code === "ERR_STREAM_PREMATURE_CLOSE") return;
    writeFailure(call, exchange, error);
  }
}

/** One for all requests to an origin: a copy of the services for each would cost as much as a signature. */
const contexts = new WeakMap<Services, ServingContext>();

function servingContext(services: Services, origin: string): ServingContext {
  const last = contexts.get(services);
  if (last?.origin === origin) return last;
  const ctx = { ...services, origin };
  contexts.set(services, ctx);
  return ctx;
}
