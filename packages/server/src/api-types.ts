import type { TRPCBuiltRouter } from "@trpc/server";
import type { ErrorShape } from "./ground/error-shape";
import type { libraryRoutes } from "./library-routes";

/** The library's procedures as clients see them: without the server's context. */
export type LibraryRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  typeof libraryRoutes
>;
