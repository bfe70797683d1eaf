import { lingerOn } from "../bytes/read-body";
import type { RequestContext } from "../context";
import { receiveFile, serveFile } from "../files/http";
import { AppError } from "../ground/errors";
import type { Leave } from "../limits/in-flight";
import { receiveMedia } from "../media/http";
import { urlOfFirstPart } from "../media/uploads/first-part";
import { withBoundedBody } from "./bounded-body";
import { Call, type Hosting } from "./call";
import { withinSpan } from "./call-span";
import type { Connection } from "./connection";
import { bearerOf } from "./credential";
import { enter, leaveWhenRead } from "./enter";
import { type ApiRoute, policy } from "./policy";
import { preflight } from "./preflight";
import { answerTrpc } from "./trpc-route";

export interface ApiParts extends Hosting {
  /** What signs people in below `auth/`; null where that is elsewhere. */
  auth: ((ctx: RequestContext, request: Request) => Promise<Response>) | null;
  inngest: (request: Request) => Promise<Response>;
  /** The disk store's own endpoint; null where a real S3 serves the objects. */
  objects: ((request: Request, requestId: string, origin: string) => Promise<Response>) | null;
  /** The procedures as OpenAPI, in JSON. */
  openapi: () => string;
}

/** All of the API, from `Request` to `Response`, wherever it is hosted. */
export type Api = (request: Request, connection?: Connection) => Promise<Response>;

export interface FetchHost {
  handle: Api;
  /** The rest of `handle`, for a host that has opened the call and found it admitted. */
  answer(call: Call, request: Request): Promise<Response>;
}

type Handler = (call: Call, request: Request) => Promise<Response> | Response;

export function createFetchHost(parts: ApiParts): FetchHost {
  const handlers = handlersOf(parts);

  async function handle(request: Request, connection: Connection = {}): Promise<Response> {
    const call = new Call(parts, request, connection);
    let leave: Leave;
    try {
      call.admit();
      const entered = enter(call);
      leave = entered instanceof Promise ? await entered : entered;
    } catch (error) {
      const refused = answeredFirst(request, failed(call, error));
      call.observe(refused.status);
      return refused;
    }
    const response = await withinSpan(call, async (endSpan) => {
      const made = await answer(call, request);
      endSpan(made.status);
      return made;
    });
    call.observe(response.status);
    // A batch that is streamed has begun to be answered, and goes on.
    if (request.headers.has("trpc-accept")) return leaveWhenRead(response, leave);
    leave();
    return response;
  }

  async function answer(call: Call, request: Request): Promise<Response> {
    const { name } = call.route;
    try {
      if (call.isPreflight) {
        const { status, headers } = preflight(call);
        return new Response(null, { status, headers });
      }
      // Whatever changes something may have made work for jobs.
      if (call.head.method !== "GET" && call.head.method !== "HEAD") parts.services.jobs.hint();
      const handler = name === "pages" ? null : handlers[name];
      if (!handler) throw new AppError("NOT_FOUND");
      const response = await handler(call, request);
      // It has set them itself, where the answer was made.
      return answeredFirst(request, name === "trpc" ? response : withHeaders(call, response));
    } catch (error) {
      return answeredFirst(request, failed(call, error));
    }
  }

  return { handle, answer };
}

/** One handler for each line of the policy. */
function handlersOf(parts: ApiParts): Record<ApiRoute, Handler | null> {
  const { auth, inngest, objects, services } = parts;
  return {
    trpc: answerTrpc,
    file: (call, request) => serveFile(call.ctx, request, call.route.rest),
    upload: async (call, request) => receiveFile(await call.identified(), request, call.route.rest),
    media: async (call, request) => {
      const { media, etag } = await receiveMedia(await call.identified(), request);
      return Response.json(media, { headers: { etag } });
    },
    firstPart:
      objects &&
      (async (call, request) => {
        const { headers, body } = request;
        const url = await urlOfFirstPart(await call.identified(), {
          query: call.query,
          contentLength: headers.get("content-length"),
          isWanted: () => !request.signal.aborted,
        });
        const put = new Request(url, {
          method: "PUT",
          headers,
          body,
          duplex: "half",
        } as RequestInit);
        return objects(put, call.requestId, call.origin);
      }),
    objects: objects && ((call, request) => objects(request, call.requestId, call.origin)),
    auth:
      auth &&
      (async (call, request) =>
        auth(call.ctx, await withBoundedBody(request, policy.auth.body, boundsBodies(call)))),
    inngest: async (call, request) =>
      inngest(await withBoundedBody(request, policy.inngest.body, boundsBodies(call))),
    metrics: async (call) => {
      const { metrics } = call.hosting.services;
      if (!metrics) throw new AppError("NOT_FOUND");
      const { type, text } = await metrics.answer(bearerOf(call.head));
      return new Response(text, { headers: { "content-type": type } });
    },
    openapi: () =>
      new Response(parts.openapi(), { headers: { "content-type": "application/json" } }),
    health: () => Response.json({ status: "ok" }),
    ready: async () => {
      const checks = await services.checks();
      // What is not required may be away without a load balancer taking this server out.
      const ready = checks.every(({ ok, required }) => ok || required === false);
      return Response.json(
        { status: ready ? "ok" : "unavailable", checks },
        ready ? { status: 200 } : { status: 503, headers: { "retry-after": "5" } },
      );
    },
  };
}

function boundsBodies({ connection }: Call): boolean {
  return connection.boundsBodies ?? false;
}

function failed(call: Call, error: unknown): Response {
  const { status, headers, text } = call.failure(error);
  return new Response(text, { status, headers });
}

/** A refusal, whole and at once; its connection stays a moment longer for who is still sending. */
function answeredFirst(request: Request, response: Response): Response {
  if (response.status < 400 || !request.body) return response;
  const { body } = request;
  const refusal = response.body;
  const lingering = new ReadableStream<Uint8Array>({
    async start(answer) {
      for await (const chunk of refusal ?? []) answer.enqueue(chunk);
      await lingerOn(body);
      answer.close();
    },
  });
  return new Response(lingering, response);
}

function withHeaders(call: Call, response: Response): Response {
  try {
    for (const [name, value] of Object.entries(call.headers({}))) {
      if (name === "vary") response.headers.append(name, value);
      // What the route itself says of caching and the like is the nearer truth.
      else if (!response.headers.has(name)) response.headers.set(name, value);
    }
  } catch {
    // Some responses come with headers that cannot be changed.
    return withHeaders(call, new Response(response.body, response));
  }
  return call.head.method === "HEAD" && response.body ? new Response(null, response) : response;
}
