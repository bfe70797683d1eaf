import { initTRPC } from "@trpc/server";
import type { RequestContext, UserContext } from "./context";
import type { ErrorShape } from "./error-shape";
import { AppError, toAppError } from "./errors";

const t = initTRPC.context<RequestContext>().create({
  errorFormatter({ shape, error, ctx }): ErrorShape {
    const { code, message, details } = toAppError(error);
    return {
      code: shape.code,
      message,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        appCode: code,
        ...(details && { details }),
        requestId: ctx?.requestId ?? "none",
      },
    };
  },
  sse: {
    // Below the idle limits of common proxies; oftener costs half a core at 5,000 streams.
    ping: { enabled: true, intervalMs: 20_000 },
    client: { reconnectAfterInactivityMs: 45_000 },
    // Ends a stream before a serverless platform does; the client resumes where it was and shows its token again.
    maxDurationMs: 280_000,
  },
});

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

/** Open to everyone, with or without an identity. */
export const publicProcedure = t.procedure.use(({ ctx, next }) => {
  if (ctx.failure) throw ctx.failure.toTrpc();
  // Not an async function: every procedure passes here, and each promise counts.
  return next().then((result) => {
    if (result.ok) return result;
    throw toAppError(result.error).toTrpc();
  });
});

export const userProcedure = publicProcedure.use(({ ctx, next }) => {
  if (ctx.identity?.kind !== "user") throw new AppError("UNAUTHENTICATED").toTrpc();
  return next({ ctx: ctx as UserContext });
});

export const adminProcedure = userProcedure.use(({ ctx, next }) => {
  if (ctx.identity.role !== "admin") throw new AppError("FORBIDDEN").toTrpc();
  return next({ ctx });
});
