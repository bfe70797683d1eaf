import type { TRPCRouterRecord } from "@trpc/server";
import { cronsRouter } from "./crons/router";
import { filesRouter } from "./files/router";
import { importsRouter } from "./imports/imports.router";
import { storageRouter } from "./media/router";
import { operationsRouter } from "./operations/router";
import { signalingRouter } from "./rooms/router";

/** Every procedure of the library's. They stand apart from a router, whose type names the server's context: this is what clients are typed by. */
export const libraryRoutes = {
  files: filesRouter,
  imports: importsRouter,
  storage: storageRouter,
  signaling: signalingRouter,
  crons: cronsRouter,
  operations: operationsRouter,
} satisfies TRPCRouterRecord;
