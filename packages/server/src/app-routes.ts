import type { TRPCRouterRecord } from "@trpc/server";
import { authRouter } from "./auth/auth.router";
import { cronsRouter } from "./crons/crons.router";
import { filesRouter } from "./files/files.router";
import { importsRouter } from "./imports/imports.router";
import { instrumentsRouter } from "./instruments/instruments.router";
import { overviewRouter } from "./overview/overview.router";
import { profileRouter } from "./profile/profile.router";
import { settingsRouter } from "./settings/settings.router";
import { signalingRouter } from "./signaling/signaling.router";
import { storageRouter } from "./storage/storage.router";

/** Every procedure. It stands apart from the router, whose type names the server's context: this is what clients are typed by. */
export const routes = {
  auth: authRouter,
  profile: profileRouter,
  settings: settingsRouter,
  overview: overviewRouter,
  files: filesRouter,
  imports: importsRouter,
  storage: storageRouter,
  instruments: instrumentsRouter,
  signaling: signalingRouter,
  crons: cronsRouter,
} satisfies TRPCRouterRecord;
