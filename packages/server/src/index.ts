export { default as crons } from "./all-crons";
export { appRouter } from "./app-router";
export type { RequestContext, ServerConfig, Services } from "./context";
export { type CronEngine, createCronEngine } from "./crons/engine/cron-engine";
export { enginesStartedEvent } from "./crons/engine/cron-events";
export { readEngineState } from "./crons/engine/engine-state";
export { createInngest } from "./crons/engine/inngest-client";
export { signRequest } from "./crons/engine/sign-request";
export { cancelJob } from "./crons/queue/cancel-job";
export { enqueueJob } from "./crons/queue/enqueue-job";
export { defaultBasePath } from "./ground/base-path";
export {
  createDatabaseClock,
  type DatabaseClock,
  describeClockGap,
  mostClockGapMs,
} from "./ground/database-clock";
export { DatabasePool } from "./ground/database-pool";
export { openDatabase, openPool } from "./ground/db";
export { AppError, errorResponse, toAppError } from "./ground/errors";
export { poolTransaction } from "./ground/shared-transaction";
export { summingLog } from "./ground/summing-log";
export { InFlight } from "./limits/in-flight";
export { createRateLimiter } from "./limits/rate-limiter";
export { explainStanding } from "./media/owner/explain-standing";
export { lastStanding, lookAtStore } from "./media/owner/look-at-store";
export { recordPart } from "./media/uploads/record-part";
export { uploadState } from "./media/uploads/upload-state";
export { Metrics } from "./operations/metrics";
export { ProcessGauge } from "./operations/process-gauge";
export type { ReadinessCheck } from "./operations/readiness-check";
export { startWatch } from "./operations/watch";
export { systemClock } from "./ports/clock";
export type { Logger } from "./ports/logger";
export { recordAudit } from "./studio/audit/record-audit";
export { createSession } from "./studio/auth/create-session";
export { createUser } from "./studio/auth/create-user";
export { describeUsers } from "./studio/auth/describe-users";
export { issueDeviceToken } from "./studio/auth/device-token";
export { ensureFirstAdmin } from "./studio/auth/ensure-first-admin";
export { resetFromTerminal } from "./studio/auth/reset-from-terminal";
export { resolveToken } from "./studio/auth/resolve-token";
export { revokeToken } from "./studio/auth/revoke-token";
export { verifyCredentials } from "./studio/auth/verify-credentials";
export { type DemoThings, rememberDemo } from "./studio/demo/demo-things";
export { studioOwners } from "./studio/file-owners";
export { readSignUpPolicy } from "./studio/settings/sign-up-policy";
export { openWorkbench } from "./workbench/open-workbench";
