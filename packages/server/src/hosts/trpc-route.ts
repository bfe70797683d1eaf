import { limits } from "@fermata/contract";
import type { AnyRouter } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import type { TRPCRequestInfo } from "@trpc/server/http";
import type { RequestContext } from "../context";
import { AppError, retryAfter, toAppError } from "../ground/errors";
import { countProcedure } from "../limits/count-procedure";
import { withBoundedBody } from "./bounded-body";
import { type Call, procedureOf, report } from "./call";
import { isPlainCall, readPlainCall, toOrdinaryRequest } from "./plain-call";
import { policy } from "./policy";

/** Which answer it is: a stream or not, and for whom. */
export const trpcVary = "trpc-accept, accept, origin";

/** Every procedure, from `Request` to `Response`. The hot path: a query waits for nothing that it does not need. */
export async function answerTrpc(call: Call, given: Request): Promise<Response> {
  const { ctx } = call;
  const { router } = call.hosting;
  const request = isPlainCall(call) ? await openPlainCall(call, given) : given;
  refuseForms(request);
  const bounded = await bound(call, request);
  return fetchRequestHandler({
    endpoint: `${ctx.config.basePath}/trpc`,
    req: bounded,
    router,
    maxBatchSize: limits.batchCalls,
    createContext: ({ info }) =>
      call.withRequestId(() => {
        const known = call.identified(bounded);
        return known instanceof Promise
          ? known.then((context) => allowed(context, info, router))
          : allowed(known, info, router);
      }),
    responseMeta: ({ errors, type }) => ({ headers: headersOf(call, errors, type) }),
    onError: ({ error, path }) => report(ctx, error, path ?? "trpc"),
  });
}

function bound(call: Call, request: Request): Promise<Request> | Request {
  // A query has no body: nothing is awaited for it.
  if (request.method === "GET") return request;
  return withBoundedBody(request, policy.trpc.body, call.connection.boundsBodies ?? false);
}

const nothing: Record<string, string> = {};

function headersOf(call: Call, errors: readonly Error[], type: string): Record<string, string> {
  // The usual case: of what nobody may keep it does not matter for whom it was, and only a failure is looked up by its id.
  const isUsual = errors.length === 0 && !call.head.headers.get("origin");
  if (isUsual && call.connection.writesHeaders) return nothing;
  const headers = call.headers({ vary: trpcVary });
  // A stream says more of itself: that nothing may compress or hold it back.
  if (type === "subscription") delete headers["cache-control"];
  if (errors.length === 0) return headers;
  const longest = errors
    .map(toAppError)
    .sort((a, b) => (b.retryAfterSeconds ?? 0) - (a.retryAfterSeconds ?? 0))[0];
  return longest ? Object.assign(headers, retryAfter(longest)) : headers;
}

/** Counts each procedure that is called, one after the other. */
function allowed(
  ctx: RequestContext,
  info: TRPCRequestInfo,
  router: AnyRouter,
): RequestContext | Promise<RequestContext> {
  let counted: Promise<void> | undefined;
  for (const { path, getRawInput } of info.calls) {
    const type = procedureOf(router, path)?._def.type;
    const count = () => countProcedure(ctx, { path, type, getRawInput });
    counted = counted ? counted.then(count) : count();
  }
  return counted ? counted.then(() => ctx) : ctx;
}

/** @throws AppError for what looks like one and is none */
async function openPlainCall(call: Call, request: Request): Promise<Request> {
  const { body } = policy.trpc;
  const bounded = await withBoundedBody(request, body, call.connection.boundsBodies ?? false);
  const { allowedOrigins } = call.hosting.services.config;
  const origin = request.headers.get("origin");
  const from = { origin, ownOrigin: call.origin, allowedOrigins };
  return toOrdinaryRequest(request, readPlainCall(await bounded.text(), from));
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
