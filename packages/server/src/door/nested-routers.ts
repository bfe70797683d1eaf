import type { TRPCRouterRecord } from "@trpc/server";
import type { RequestContext } from "../context";
import { toAppError } from "../ground/errors";

/** What a context of the app's own router must have, so that our procedures can be asked in it. */
export interface HostContext {
  req: Request;
}

type Open = (request: Request) => Promise<RequestContext>;

interface Callable {
  (opts: { ctx: unknown }): Promise<unknown>;
  _def: unknown;
}

/**
 * Our procedures for a router of the app's own: each opens our context from the request in the app's, and fails as that
 * tRPC expects. It reads what any tRPC 11 gives a procedure, whichever copy of it the app has.
 */
export function nestRoutes<Routes extends TRPCRouterRecord>(routes: Routes, open: Open): Routes {
  const nested = Object.entries(routes).map(([name, entry]) => [
    name,
    isProcedure(entry) ? nestProcedure(entry, open) : nestRoutes(entry as TRPCRouterRecord, open),
  ]);
  return Object.fromEntries(nested) as Routes;
}

function isProcedure(entry: unknown): entry is Callable {
  return typeof entry === "function" && "_def" in entry;
}

function nestProcedure(procedure: Callable, open: Open): Callable {
  const call = async (opts: { ctx: unknown }) => {
    try {
      return await procedure({ ...opts, ctx: await open(requestOf(opts.ctx)) });
    } catch (error) {
      throw toAppError(error).toTrpc();
    }
  };
  return Object.assign(call, procedure);
}

function requestOf(ctx: unknown): Request {
  const { req } = (ctx ?? {}) as Partial<HostContext>;
  if (req instanceof Request) return req;
  throw new Error(
    "Fermata's procedures need `req: Request` in the context of the router they are nested in",
  );
}
