import { limits } from "@fermata/contract";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { appRouter } from "../app-router";
import type { RequestContext, Services } from "../context";
import { receiveFile, serveFile } from "../files/http";
import { AppError, errorResponse, toAppError } from "../ground/errors";
import { withBoundedBody } from "./bounded-body";
import { corsHeaders, preflight } from "./cors";
import { isPlainCall, readPlainCall, toOrdinaryRequest } from "./plain-call";
import { anonymousContext, type Connection, type Identify, identified } from "./request-context";

type FetchHandler = (request: Request) => Promise<Response>;

export interface ApiParts {
  services: Services;
  identify: Identify;
  /** What signs people in under `/api/auth`; null where that is elsewhere. */
  auth: ((ctx: RequestContext, request: Request) => Promise<Response>) | null;
  trustProxy: boolean;
  inngest: FetchHandler;
  /** The disk store's own endpoint; null where a real S3 serves the objects. */
  objects: ((request: Request, requestId: string) => Promise<Response>) | null;
  /** What is not required may be away without a load balancer taking this server out. */
  readiness: () => Promise<{ ok: boolean; required?: boolean }[]>;
}

/** All of `/api`, from `Request` to `Response`, wherever it is hosted. */
export type Api = (request: Request, connection?: Connection) => Promise<Response>;

type HonoEnv = { Bindings: Connection; Variables: { ctx: RequestContext } };

export function createApi(parts: ApiParts): Api {
  const { services } = parts;
  const app = new Hono<HonoEnv>();

  const open = (request: Request, connection: Connection) =>
    anonymousContext(services, request, connection, { trustProxy: parts.trustProxy });
  const extraHeaders = (request: Request, ctx: RequestContext): [string, string][] => [
    ["x-request-id", ctx.requestId],
    ...corsHeaders(request, services.config.allowedOrigins),
  ];

  /** Gives the handler a context, and answers what it throws in our shape, with the request's id. */
  const route =
    (
      handle: (c: Context<HonoEnv>, ctx: RequestContext) => Promise<Response> | Response,
    ): MiddlewareHandler<HonoEnv> =>
    async (c) => {
      const request = c.req.raw;
      const ctx = open(request, c.env ?? {});
      try {
        return withHeaders(await handle(c, ctx), extraHeaders(request, ctx));
      } catch (error) {
        report(ctx, error, c.req.path);
        return withHeaders(errorResponse(error, ctx.requestId), extraHeaders(request, ctx));
      }
    };

  /** @throws AppError for what looks like one and is none */
  const openPlainCall = async (request: Request, ownOrigin: string): Promise<Request> => {
    const body = await (await withBoundedBody(request)).text();
    const origin = request.headers.get("origin");
    const { allowedOrigins } = services.config;
    return toOrdinaryRequest(request, readPlainCall(body, { origin, ownOrigin, allowedOrigins }));
  };

  /** The hot path: it is not routed, and its headers are set where the response is made. */
  const answerTrpc: Api = async (given, connection = {}) => {
    let request = given;
    const ctx = open(given, connection);
    try {
      if (isPlainCall(given)) request = await openPlainCall(given, ctx.origin);
      refuseForms(request);
      // A query has no body: nothing is awaited for it.
      const bounded = request.method === "GET" ? request : await withBoundedBody(request);
      return await fetchRequestHandler({
        endpoint: "/api/trpc",
        req: bounded,
        router: appRouter,
        maxBatchSize: limits.batchCalls,
        createContext: () => identified(ctx, bounded, parts.identify),
        // Only a failure is looked up by its id; a success from our own pages needs no header of ours.
        responseMeta: ({ errors }) =>
          errors.length > 0 || bounded.headers.has("origin")
            ? { headers: Object.fromEntries(extraHeaders(bounded, ctx)) }
            : {},
        onError: ({ error, path }) => report(ctx, error, path ?? "trpc"),
      });
    } catch (error) {
      report(ctx, error, "trpc");
      return withHeaders(errorResponse(error, ctx.requestId), extraHeaders(request, ctx));
    }
  };

  app.options("/api/*", (c) => preflight(c.req.raw, services.config.allowedOrigins));

  app.get("/api/health", (c) => c.json({ status: "ok" }));

  app.get(
    "/api/ready",
    route(async () => {
      const checks = await parts.readiness();
      const ready = checks.every((check) => check.ok || check.required === false);
      return Response.json(
        { status: ready ? "ok" : "unavailable", checks },
        { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } },
      );
    }),
  );

  const { auth } = parts;
  if (auth)
    app.all(
      "/api/auth/*",
      route(async (c, ctx) => auth(ctx, await withBoundedBody(c.req.raw))),
    );

  app.on(
    ["GET", "PUT", "POST"],
    "/api/inngest",
    route((c) => parts.inngest(c.req.raw)),
  );

  app.post(
    "/api/files/upload/:token",
    route(async (c, ctx) =>
      receiveFile(
        await identified(ctx, c.req.raw, parts.identify),
        c.req.raw,
        c.req.param("token") ?? "",
      ),
    ),
  );
  app.get(
    "/api/files/:storageId",
    route((c, ctx) => serveFile(ctx, c.req.raw, c.req.param("storageId") ?? "")),
  );

  const { objects } = parts;
  if (objects)
    app.all(
      "/api/objects/*",
      route((c, ctx) => objects(c.req.raw, ctx.requestId)),
    );

  app.all(
    "/api/*",
    route(() => {
      throw new AppError("NOT_FOUND");
    }),
  );

  return async (request, connection = {}) => {
    if (services.config.filesOrigin && !filePath.test(request.url)) {
      const ctx = open(request, connection);
      if (ctx.origin === services.config.filesOrigin) {
        return errorResponse(new AppError("NOT_FOUND"), ctx.requestId);
      }
    }
    // Whatever changes something may have made work for jobs.
    if (request.method !== "GET" && request.method !== "OPTIONS") services.jobs.hint();
    return request.method !== "OPTIONS" && trpcPath.test(request.url)
      ? answerTrpc(request, connection)
      : app.fetch(request, connection);
  };
}

/** What the files' own origin answers: a page of a stranger's that is shown there finds nothing else to ask. */
const filePath = /^https?:\/\/[^/]+\/api\/files\/[^/]+$/;

const trpcPath = /^https?:\/\/[^/]+\/api\/trpc\//;

function withHeaders(response: Response, headers: [string, string][]): Response {
  try {
    for (const [name, value] of headers) response.headers.set(name, value);
    return response;
  } catch {
    // Some responses come with headers that cannot be changed.
    const copy = new Response(response.body, response);
    for (const [name, value] of headers) copy.headers.set(name, value);
    return copy;
  }
}

/**
 * A form that another site's page submits carries no custom content type, so a POST must say that it is JSON;
 * browsers then ask before they send it across origins.
 */
function refuseForms(request: Request): void {
  if (request.method !== "POST") return;
  const type = request.headers.get("content-type");
  const empty = request.headers.get("content-length") === "0" || request.body === null;
  if (type?.startsWith("application/json") || (!type && empty)) return;
  throw new AppError(
    "UNSUPPORTED_MEDIA_TYPE",
    { expected: "application/json" },
    "Send application/json.",
  );
}

/** What nobody expects is logged whole; what callers may expect is theirs to handle. */
export function report(
  ctx: Pick<RequestContext, "requestId" | "log">,
  error: unknown,
  path: string,
): void {
  const failure = toAppError(error);
  const facts = { requestId: ctx.requestId, path, appCode: failure.code };
  if (failure.code === "INTERNAL") {
    ctx.log.error({ ...facts, err: failure.cause ?? error }, "a request failed unexpectedly");
  } else if (failure.code === "UPSTREAM_UNAVAILABLE") {
    ctx.log.warn({ ...facts, err: failure.cause }, "a service did not answer");
  } else {
    ctx.log.debug(facts, "a request was refused");
  }
}
