// For this repository's own app and its tools, beside the public door in index.ts: what it has of the server's inside.

export { isActiveType, normalizeType, unknownType } from "./bytes/content-types";
export type { CronJob, JobContext, RequestContext, Services, UserDescription } from "./context";
export { type CronEngine, createCronEngine } from "./crons/engine/cron-engine";
export { enginesStartedEvent } from "./crons/engine/cron-events";
export { readEngineState } from "./crons/engine/engine-state";
export { createInngest } from "./crons/engine/inngest-client";
export { runJob } from "./crons/engine/run-job";
export { signRequest } from "./crons/engine/sign-request";
export { slotsBetween } from "./crons/next-slots";
export { cancelJob } from "./crons/queue/cancel-job";
export { enqueueJob } from "./crons/queue/enqueue-job";
export { declareCrons } from "./door/host-crons";
export { partsOf, type ServerParts } from "./door/server-parts";
export { isUnowned } from "./files/rows/file-owners";
export { fileUrl } from "./files/serving/file-url";
export { forgetReadable } from "./files/serving/find-readable";
export { publicViewer } from "./files/serving/public-viewer";
export { attachFile, releaseFile } from "./files/verbs/attach-file";
export { purgeUnattached } from "./files/verbs/purge-unattached";
export { removeLocation } from "./files/verbs/remove-location";
export { storeFile } from "./files/verbs/store-file";
export { Prisma } from "./generated/prisma/client";
export type { LinkPurpose, SessionKind } from "./generated/prisma/enums";
export type { InstrumentModel } from "./generated/prisma/models/Instrument";
export type { MediaModel } from "./generated/prisma/models/Media";
export { defaultBasePath } from "./ground/base-path";
export { readDatabaseUrl } from "./ground/database-address";
export {
  createDatabaseClock,
  type DatabaseClock,
  describeClockGap,
  mostClockGapMs,
} from "./ground/database-clock";
export { DatabasePool } from "./ground/database-pool";
export { type Db, openDatabase, openPool, type Tx } from "./ground/db";
export { deleteInBatches } from "./ground/delete-in-batches";
export type { ErrorShape } from "./ground/error-shape";
export { AppError, errorResponse, toAppError } from "./ground/errors";
export { afterCursor, decodeCursor, newestFirst, toPage } from "./ground/paging";
export { hashToken, newId, newToken, sign, verifySignature } from "./ground/secrets";
export { poolTransaction } from "./ground/shared-transaction";
export { summingLog } from "./ground/summing-log";
export { fromPrisma } from "./ground/transaction";
export type { PeerIdentity, UserIdentity } from "./identity";
export { hasGps } from "./images/exif";
export { readImageFacts } from "./images/read-image-facts";
export { libraryCrons } from "./library-crons";
export { libraryRoutes } from "./library-routes";
export { networkOf } from "./limits/client-network";
export { InFlight } from "./limits/in-flight";
export { purgeRateLimits } from "./limits/purge-rate-limits";
export { createRateLimiter, type LimitRule } from "./limits/rate-limiter";
export { explainStanding } from "./media/owner/explain-standing";
export { lastStanding, lookAtStore } from "./media/owner/look-at-store";
export { processMedia } from "./media/processing/process-media";
export { withPicturesOf } from "./media/rows/with-pictures";
export { recordPart } from "./media/uploads/record-part";
export { uploadState } from "./media/uploads/upload-state";
export { readUrl } from "./media/verbs/get-media-url";
export { storeNeeds } from "./operations/store-needs";
export { startWatch } from "./operations/watch";
export { emptyDeletions } from "./outbox/empty-deletions";
export { systemClock } from "./ports/clock";
export type { FileOwner } from "./ports/file-owner";
export type { Logger } from "./ports/logger";
export type { Notifier } from "./ports/notifier";
export type { MetricFamily, Observer } from "./ports/observer";
export {
  anyCall,
  describeProcedures,
  type ProcedureDescription,
} from "./reference/describe-procedures";
export type { JsonSchema } from "./reference/json-schema";
export { libraryTerms } from "./reference/library-terms";
export {
  libraryAccess,
  type PathsOf,
  type ProcedureAccess,
  usualAccess,
} from "./reference/procedure-access";
export { termsOf } from "./reference/procedure-terms";
export { endSeats } from "./rooms/seats/end-seats";
export { resolveRoomToken } from "./rooms/seats/resolve-room-token";
export { closeRoomsOf } from "./rooms/seats/rooms-of-user";
export { shapeOf } from "./trpc";
export { deleteUser, deleteUserRows } from "./users/delete-user";
export { handOverUserRows } from "./users/hand-over-rows";
export { openWorkbench } from "./workbench/open-workbench";
