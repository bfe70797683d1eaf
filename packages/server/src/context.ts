import type { Pool } from "pg";
import type { Schedule } from "./crons/schedule/schedule";
import type { Db } from "./ground/db";
import type { SharedTransaction } from "./ground/shared-transaction";
import type { PeerIdentity, UserIdentity } from "./identity";
import type { InFlight } from "./limits/in-flight";
import type { RateLimiter } from "./limits/rate-limiter";
import type { ProcessGauge } from "./operations/process-gauge";
import type { ReadinessCheck } from "./operations/readiness-check";
import type { Clock } from "./ports/clock";
import type { FileOwner } from "./ports/file-owner";
import type { IceProvider } from "./ports/ice-provider";
import type { JobQueue } from "./ports/job-queue";
import type { Logger } from "./ports/logger";
import type { Notifier } from "./ports/notifier";
import type { ObjectStore } from "./ports/object-store";
import type { Observer } from "./ports/observer";
import type { QuotaRule } from "./ports/quota-rule";
import type { RoomBus } from "./ports/room-bus";
import type { Steps } from "./ports/steps";
import type { Workbench } from "./ports/workbench";
import type { UploadRules } from "./uploads/upload-rule";

export interface ServerConfig {
  /** Where browsers reach this server; null: wherever the request came in. */
  publicOrigin: string | null;
  /** Below which all of the API answers: a slash, then segments without one at the end. */
  basePath: string;
  /** Where files are shown, when not on the same origin as everything else. */
  filesOrigin: string | null;
  allowedOrigins: string[];
  /** The address of Piano Mirror, which invite links lead to; null where it is nowhere. */
  mirrorUrl: string | null;
  /** Before a command's words, wherever one is named: `npx fermata`. */
  commandLine: string;
  /** Signs the URLs that this server itself honours. At least 32 bytes of entropy. */
  urlSecret: string;
  /** What of a body the host before this server lets through, where that is less than the server takes itself. */
  maxBodyBytes?: number | null;
  /** Media up to this size are taken in one request and passed on to a store elsewhere; 0: none are. */
  passOnBytes?: number;
  filesQuotaBytes: number;
  mediaQuotaBytes: number;
  objectStore: string;
}

/** How a user is named to others. */
export interface UserDescription {
  name: string | null;
  email: string;
}

/** What verbs stand on. The composition root makes one; tests make another. */
export interface Services {
  config: ServerConfig;
  db: Db;
  pool: Pool;
  clock: Clock;
  log: Logger;
  objects: ObjectStore;
  workbench: Workbench;
  ice: IceProvider;
  bus: RoomBus;
  jobs: JobQueue;
  crons: CronRegistry;
  /** The app's own columns that refer to files. */
  owners: readonly FileOwner[];
  /** The app's own rule; null for a quota of each user's own. */
  quota: QuotaRule | null;
  /** The app's rules of uploads, by their names. */
  uploads: UploadRules;
  /** Runs work of ours and of the app's in one transaction: of the app's own client where it gave one. */
  transaction: SharedTransaction;
  /** What the app calls these users, where it is shown whose something is. It may know nothing of some. */
  describeUsers(userIds: string[]): Promise<Map<string, UserDescription>>;
  /** Where the app writes down what concerns security; left out where it does not. */
  audit?(ctx: RequestContext, kind: "store.adopted"): Promise<void>;
  limits: RateLimiter;
  /** The requests that this process works on. */
  inFlight: InFlight;
  process: ProcessGauge;
  /** Null where nobody may look at them. */
  metrics: Observer | null;
  /** What this process needs to serve, and whether it has it. It never fails. */
  checks(): Promise<ReadinessCheck[]>;
  /** Null where none is configured. */
  notifier: Notifier | null;
  /** What the app's own procedures need beside: nothing of the library's reads it. */
  app?: unknown;
}

/** The part of a job that working on a run of it takes. */
export interface RunnableJob {
  name: string;
  timeoutSeconds: number;
  /** How often a failed run is tried again, by itself. */
  retries: number;
  onFailure?: ((services: Services, failure: RunFailure) => Promise<void>) | undefined;
}

/** A run that failed for good. */
export interface RunFailure {
  runId: string;
  attempt: number;
  error: string;
}

/** A job as the code declares it: when it runs and what it does. */
export interface CronJob extends RunnableJob {
  /** The name in ids of functions and events. */
  slug: string;
  schedule: Schedule;
  /** The slots that come whatever there is to do: all of the schedule's, or, of a job that waits for work, a few. */
  planned: Schedule;
  /** Null for a job that runs at every slot. */
  onlyWhen: WorkToDo | null;
  description: string;
  /** Whether it waits while the clocks of this machine and of PostgreSQL disagree. */
  deletesByAge: boolean;
  disabledReason(services: Services): string | null;
  run(ctx: JobContext): Promise<unknown>;
}

/** What a job waits for, so that slots without any cost nothing. The database decides: whoever asks, asks it. */
export interface WorkToDo {
  /** When there is something to do next, at that instant or before; null while nothing is to come. It is asked often. */
  due(services: Services): Promise<Date | null>;
  /** After "when": `bytes wait to be deleted`. */
  inWords: string;
}

export interface CronRegistry {
  readonly jobs: readonly CronJob[];
  find(name: string): CronJob | undefined;
  /** Those that run when somebody asks for them, one by one. */
  readonly queued: readonly QueueJob[];
}

/** A job without a schedule: it runs once for each time that it is asked for, with what it was given. */
export interface QueueJob extends RunnableJob {
  slug: string;
  description: string;
  /** How many of it run at a time, on one process of the embedded runner or in all of Inngest. */
  concurrency: number | null;
  disabledReason(services: Services): string | null;
  /** @throws Error where the input does not fit */
  readInput(input: unknown): unknown;
  /** What it was declared with: it stands for the job where one is asked for. */
  definition: object;
  run(ctx: JobContext, input: unknown): Promise<unknown>;
}

/** A job's context. It has no identity, so a verb that needs one cannot be called from a job. */
export interface JobContext extends Services {
  readonly job: string;
  readonly runId: string;
  /** From 1. */
  readonly attempt: number;
  /** Parts of the run that are not done again once they are through. */
  readonly step: Steps;
  /** Aborts when the job's time is up or the server stops. */
  readonly signal: AbortSignal;
}

export interface RequestContext extends Services {
  requestId: string;
  /** Where this server is reached: for absolute URLs. */
  origin: string;
  /** For rate limits only. */
  clientAddress: string;
  identity: UserIdentity | PeerIdentity | null;
}

export interface UserContext extends RequestContext {
  identity: UserIdentity;
}
