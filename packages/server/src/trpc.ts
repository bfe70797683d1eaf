import { initTRPC } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import type { RequestContext, UserContext } from "./context";
import type { ErrorShape } from "./error-shape";
import { AppError, toAppError } from "./errors";

const t = initTRPC.context<RequestContext>().create({
  // The one place where a failure becomes an answer: a middleware around every procedure would cost every success, too.
  errorFormatter({ error, ctx }): ErrorShape {
    const failure = toAppError(error);
    const { message, details } = failure;
    const { code } = failure.toTrpc();
    return {
      code: TRPC_ERROR_CODES_BY_KEY[code],
      message,
      data: {
        code,
        httpStatus: failure.httpStatus,
        appCode: failure.code,
        ...(details && { details }),
        requestId: ctx?.requestId ?? failure.requestId ?? "none",
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
export const publicProcedure = t.procedure;

export const userProcedure = publicProcedure.use(({ ctx, next }) => {
  if (ctx.identity?.kind !== "user") throw new AppError("UNAUTHENTICATED").toTrpc();
  return next({ ctx: ctx as UserContext });
});

export const adminProcedure = userProcedure.use(({ ctx, next }) => {
  if (ctx.identity.role !== "admin") throw new AppError("FORBIDDEN").toTrpc();
  return next({ ctx });
});
