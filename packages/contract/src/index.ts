export { type AuditEvent, type AuditKind, audit, auditKindSchema } from "./audit";
export {
  auth,
  demoSchema,
  overview,
  profile,
  type Role,
  type Session,
  settings,
  type User,
} from "./auth";
export { type PageInput, pageInputSchema } from "./common";
export type { ContractEntries, ContractEntry } from "./contract-entry";
export {
  type CronEngine,
  type CronJob,
  type CronLogLine,
  type CronRun,
  type CronRunDetail,
  type CronStep,
  type CronWeek,
  crons,
  type QueuedJob,
  type QueuedJobDetail,
  type RunStatus,
} from "./crons";
export {
  type DetailedCode,
  type DetailsByCode,
  type DetailsOf,
  type ErrorCode,
  type ErrorDetails,
  errorCodes,
} from "./error-codes";
export { errorCodeSchema, type HttpErrorBody, httpErrorSchema } from "./error-schemas";
export { type FileMetadata, type FileType, files, fileTypeSchema } from "./files";
export { type ImportedFile, imports } from "./imports";
export {
  type Instrument,
  type InstrumentMedia,
  instruments,
  type PublicInstrument,
} from "./instruments";
export { limits } from "./limits";
export { type Need, operations } from "./operations";
export { plainCallPaths } from "./plain-calls";
export {
  type IceServer,
  type Peer,
  type Room,
  type RoomMessage,
  type RoomSample,
  signaling,
} from "./signaling";
export {
  type Media,
  type MediaVariant,
  mediaUploadSchema,
  storage,
  type UnfinishedUpload,
} from "./storage";
export { terms } from "./terms";
