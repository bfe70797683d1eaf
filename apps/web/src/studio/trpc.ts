import { AppError, type ErrorShape, shapeOf } from "@fermata/server/internal";
import { initTRPC } from "@trpc/server";
import type { RequestContext, UserContext } from "./context";

const t = initTRPC.context<RequestContext>().create({
  errorFormatter({ error, ctx }): ErrorShape {
    return shapeOf(error, ctx);
  },
});

export const router = t.router;
export const middleware = t.middleware;
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
