import type { TRPCBuiltRouter } from "@trpc/server";
import type { routes } from "./app-routes";
import type { ErrorShape } from "./ground/error-shape";

export type { ErrorShape };

/** The router as clients see it: without the server's context. */
export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  typeof routes
>;
