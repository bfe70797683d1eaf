import { initTRPC } from "@trpc/server";
import type { RequestContext, UserContext } from "./context";
import type { ErrorShape } from "./ground/error-shape";
import { AppError, errorShapeOf, toAppError } from "./ground/errors";
import { streamBounds } from "./ground/stream-bounds";

/** The one place where a failure becomes an answer: a middleware around every procedure would cost every success, too. */
export function shapeOf(error: unknown, ctx: { requestId: string } | undefined): ErrorShape {
  const failure = toAppError(error);
  return errorShapeOf(failure, ctx?.requestId ?? failure.requestId ?? "none");
}

const t = initTRPC.context<RequestContext>().create({
  errorFormatter({ error, ctx }): ErrorShape {
    return shapeOf(error, ctx);
  },
  sse: {
    ping: { enabled: true, intervalMs: streamBounds.pingMs },
    client: { reconnectAfterInactivityMs: streamBounds.reconnectAfterInactivityMs },
    maxDurationMs: streamBounds.maxDurationMs,
  },
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Open to everyone, with or without an identity. */
export const publicProcedure = t.procedure;

export const userProcedure = publicProcedure.use(({ ctx, next }) => {
  if (ctx.identity?.kind !== "user") throw new AppError("UNAUTHENTICATED").toTrpc();
  return next({ ctx: ctx as UserContext });
});

export const adminProcedure = userProcedure.use(({ ctx, next }) => {
  if (ctx.identity.role !== "admin") throw new AppError("FORBIDDEN").toTrpc();
  return next({ ctx });
});
