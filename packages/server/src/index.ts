export { createFermataServer } from "./create-fermata-server";
export type { AppContext } from "./door/app-context";
export type { DatabaseOption } from "./door/database-option";
export { FermataOptionError } from "./door/fermata-error";
export type { FermataServer } from "./door/fermata-server";
export {
  cronJobs,
  type HostCronList,
  type HostCrons,
  type HostJob,
  type HostJobContext,
  type HostQueuedJob,
} from "./door/host-crons";
export type { HostIdentity, IdentifyHost } from "./door/identify-host";
export type { Operator, OperatorUser } from "./door/operator";
export type { FermataServerOptions } from "./door/options";
export type { StoreFactory } from "./door/store-factory";
export { AppError } from "./ground/errors";
export {
  fromDrizzle,
  fromPg,
  fromPrisma,
  type HostTransaction,
  type Register,
  type Transaction,
} from "./ground/transaction";
export type { ReadinessCheck } from "./operations/readiness-check";
export type { FileOwner } from "./ports/file-owner";
export type { Logger } from "./ports/logger";
export type { Notification, Notifier } from "./ports/notifier";
export type { QuotaRule } from "./ports/quota-rule";
export type { ProcedureTerms } from "./reference/procedure-terms";
export { type UploadRule, type UploadRules, upload } from "./uploads/upload-rule";
