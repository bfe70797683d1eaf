import type { ProcedureType, TRPCRouterRecord } from "@trpc/server";
import { type AppError, toAppError } from "../ground/errors";
import type { Hosting } from "../hosts/call";
import { report } from "../hosts/call";
import { enterNested } from "../hosts/enter";
import { countProcedure } from "../limits/count-procedure";
import type { Leave } from "../limits/in-flight";
import { type NestedRequest, requestsOf } from "./nested-request";

/** What a context of the app's own router must have, so that our procedures can be asked in it. */
interface HostContext {
  req: Request;
  /** As tRPC's `fetchRequestHandler` gives them: for `Retry-After`. */
  resHeaders?: Headers | undefined;
}

interface CallOptions {
  ctx: unknown;
  getRawInput(): Promise<unknown>;
}

interface Callable {
  (opts: CallOptions): Promise<unknown>;
  _def: { type: ProcedureType };
}

/**
 * Our procedures for a router of the app's own: each opens our context from the request in the app's, is counted and waits
 * for its turn as on our own route, and fails as that tRPC expects. It reads what any tRPC 11 gives a procedure, whichever
 * copy of it the app has.
 */
export function nestRoutes<Routes extends TRPCRouterRecord>(
  routes: Routes,
  hosting: Hosting,
): Routes {
  const requests = requestsOf(hosting);

  function nestAll<Record extends TRPCRouterRecord>(record: Record, above: string): Record {
    const nested = Object.entries(record).map(([name, entry]) => {
      const path = above + name;
      return [
        name,
        isProcedure(entry)
          ? nestProcedure(entry, path, requests)
          : nestAll(entry as TRPCRouterRecord, `${path}.`),
      ];
    });
    return Object.fromEntries(nested) as Record;
  }

  return nestAll(routes, "");
}

function isProcedure(entry: unknown): entry is Callable {
  return typeof entry === "function" && "_def" in entry;
}

function nestProcedure(
  procedure: Callable,
  path: string,
  requests: (request: Request) => NestedRequest,
): Callable {
  const { type } = procedure._def;
  const call = async (opts: CallOptions) => {
    const { req, resHeaders } = hostContextOf(opts.ctx);
    const { call: asked, context } = requests(req);
    const { requestId } = asked;
    const { log } = asked.hosting.services;
    const fail = (error: unknown) => {
      const failure = toAppError(error);
      failure.requestId ??= requestId;
      report({ requestId, log }, failure, path);
      tellWhenToComeBack(failure, resHeaders);
      return failure.toTrpc();
    };
    let leave: Leave | undefined;
    try {
      asked.admitNested();
      // A stream stays for as long as it is wanted: it takes nobody's turn.
      if (type !== "subscription") leave = await enterNested(asked);
      const ctx = await context();
      await countProcedure(ctx, { path, type, getRawInput: opts.getRawInput });
      // Whatever changes something may have made work for jobs.
      if (type === "mutation") ctx.jobs.hint();
      const answer = await procedure({ ...opts, ctx });
      return type === "subscription" ? failingAs(answer as AsyncIterable<unknown>, fail) : answer;
    } catch (error) {
      throw fail(error);
    } finally {
      leave?.();
    }
  };
  return Object.assign(call, procedure);
}

/** What a stream throws after it began would else be written by the app as it is. */
async function* failingAs(stream: AsyncIterable<unknown>, fail: (error: unknown) => Error) {
  try {
    yield* stream;
  } catch (error) {
    throw fail(error);
  }
}

/** Of a batch, the longest wait. A batch that is streamed has its headers already: then the error says it alone. */
function tellWhenToComeBack(
  { retryAfterSeconds }: AppError,
  resHeaders: Headers | undefined,
): void {
  if (retryAfterSeconds === null || !resHeaders) return;
  const said = Number(resHeaders.get("retry-after") ?? 0);
  resHeaders.set("retry-after", String(Math.max(said, retryAfterSeconds)));
}

function hostContextOf(ctx: unknown): HostContext {
  const { req, resHeaders } = (ctx ?? {}) as Partial<HostContext>;
  if (req instanceof Request) {
    return { req, resHeaders: resHeaders instanceof Headers ? resHeaders : undefined };
  }
  throw new Error(
    "Fermata's procedures need `req: Request` in the context of the router they are nested in",
  );
}
