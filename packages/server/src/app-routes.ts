import type { TRPCRouterRecord } from "@trpc/server";
import { cronsRouter } from "./crons/router";
import { filesRouter } from "./files/router";
import { importsRouter } from "./imports/imports.router";
import { storageRouter } from "./media/router";
import { operationsRouter } from "./operations/router";
import { signalingRouter } from "./rooms/router";
import { auditRouter } from "./studio/audit/router";
import { authRouter } from "./studio/auth/router";
import { instrumentsRouter } from "./studio/instruments/router";
import { overviewRouter } from "./studio/overview/router";
import { profileRouter } from "./studio/profile/router";
import { settingsRouter } from "./studio/settings/router";

/** Every procedure. It stands apart from the router, whose type names the server's context: this is what clients are typed by. */
export const routes = {
  auth: authRouter,
  audit: auditRouter,
  profile: profileRouter,
  settings: settingsRouter,
  overview: overviewRouter,
  operations: operationsRouter,
  files: filesRouter,
  imports: importsRouter,
  storage: storageRouter,
  instruments: instrumentsRouter,
  signaling: signalingRouter,
  crons: cronsRouter,
} satisfies TRPCRouterRecord;
