import type { TRPCCreateRouterOptions } from "@trpc/server";
import type { Inngest } from "inngest";
import type { LimitOverrides } from "../limits/limit-classes";
import type { Clock } from "../ports/clock";
import type { FileOwner } from "../ports/file-owner";
import type { IceProvider } from "../ports/ice-provider";
import type { Logger } from "../ports/logger";
import type { Notifier } from "../ports/notifier";
import type { QuotaRule } from "../ports/quota-rule";
import type { TermsByPath } from "../reference/procedure-terms";
import type { UploadRules } from "../uploads/upload-rule";
import type { AppContext } from "./app-context";
import type { DatabaseOption } from "./database-option";
import type { CronsOption } from "./host-crons";
import type { IdentifyHost } from "./identify-host";
import type { Remedies } from "./readiness";
import type { StoreFactory } from "./store-factory";

/** What an app says once, where it mounts Fermata. */
export interface FermataServerOptions<Rules extends UploadRules = UploadRules> {
  /** Your PostgreSQL. Fermata keeps its tables in a schema of its own there, `fermata` unless you say otherwise. */
  database: DatabaseOption;
  /** Below which everything is answered. Default `/api/fermata`. */
  basePath?: string;
  /** Signs the URLs of files. At least 32 characters that nobody can guess. */
  secret: string;
  /** Where bytes are kept: `s3Store({ … })` or `diskStore({ directory })` of `@fermata/server/stores`. */
  store: StoreFactory;
  /**
   * Who sends a request, by whatever signs people in: your session's user, or null for nobody. It is asked with the
   * browser's own headers; within ten seconds, or the request is answered with UPSTREAM_UNAVAILABLE.
   */
  identify: IdentifyHost;
  /**
   * Whose bytes count together, and how many there may be; or how many each user may have. Default: 1 GiB of files and
   * 100 GiB of media a user.
   */
  quota?: QuotaRule | { filesBytes: number; mediaBytes: number };
  /** Columns of your own tables that refer to files: what they name is not purged. */
  owners?: readonly FileOwner[];
  /** What may be uploaded under which name, by whom, and what then happens. */
  uploads?: Rules;
  /** Your own jobs beside Fermata's: `(crons) => crons.daily("dunning", { hourUTC: 6 }, sendReminders)`, or `cronJobs()`. */
  crons?: CronsOption;
  /** Procedures of your own, answered beside Fermata's below `basePath/trpc`. Their context has what `AppContext` says. */
  routers?: TRPCCreateRouterOptions;
  /** What `basePath/openapi.json` tells of these, by path: `"invoices.pay": { about, callers, input, output }`. Default: nothing. */
  openapi?: TermsByPath;
  /** What these find as `ctx.app`. */
  app?: unknown;
  /** What answers below `basePath/auth/`: your sign-in, under the bounds that are kept for it. */
  auth?: (request: Request, ctx: AppContext) => Promise<Response>;
  /** Inngest runs the jobs. Its keys come from the environment, as its SDK reads them, unless you give a client. */
  inngest?: {
    id?: string;
    client?: Inngest;
    /** `embedded` where the client speaks to a runner in this very process, which needs no registration. */
    engine?: "inngest" | "embedded";
    /** Where people see its runs: a server of your own, or Inngest's cloud. Default: nowhere. */
    dashboard?: { url: string } | "cloud" | null;
    /** Executions that the plan includes each month, to be held against what was used. Default: nobody counts. */
    includedExecutions?: number | null;
  };
  /** Relays for calls, of `@fermata/server/ice`. Default: STUN only, with which about one call in five cannot connect. */
  ice?: IceProvider;
  /** Names for user ids, where it is shown whose something is. Default: nobody has one. */
  describeUsers?: (
    userIds: string[],
  ) => Promise<Map<string, { name: string | null; email: string }>>;
  /** Where browsers reach the app. Default: wherever a request came in. */
  publicOrigin?: string;
  /** A second origin that leads here, where files are shown and nothing else is. */
  filesOrigin?: string;
  /** What of a body the host before this server lets through, where that is less than 5 MiB: 4,500,000 on Vercel. */
  maxBodyBytes?: number | null;
  /**
   * Media up to this size pass through this server to an S3 store, where a browser asks for it: one request in place of
   * three. Default 4 MiB, which is also the most; 0: all media go straight to the store.
   */
  passOnBytes?: number;
  /** Origins of frontends elsewhere that may call with a bearer. */
  allowedOrigins?: readonly string[];
  /** How many proxies of yours a request passes, each adding to `X-Forwarded-*`. Default 0: none is believed. */
  proxyHops?: number;
  /** The header in which your platform writes the client's address, whatever the client sent. */
  clientAddressHeader?: string;
  /** Other limits than usual, by `class.subject`, such as `reads.network`. */
  rateLimits?: LimitOverrides;
  /** The page that a room's invite links lead to. Default: there are none. */
  roomsUrl?: string | null;
  /** Is told of jobs that fail and of what wants a decision: `{ name, notify }`. Default: nobody is. */
  notifier?: Notifier | null;
  /** What Prometheus sends as a bearer to `basePath/metrics`. Without it there are no metrics. */
  metricsToken?: string;
  /**
   * Makes spans, by OpenTelemetry's API, of requests, statements, the store's calls, jobs and the reading of files: for
   * whichever SDK your process has registered. Default: false, and nothing of OpenTelemetry is loaded.
   */
  telemetry?: boolean;
  /** For tests, which move it: `testClock()` of `@fermata/server/testing`. Default: PostgreSQL's. */
  clock?: Clock;
  /** Is told what concerns security, when it is done. */
  audit?: (ctx: AppContext, kind: "store.adopted") => Promise<void>;
  /** What to do where a check of `basePath/ready` fails, in words of your own. */
  remedies?: Remedies;
  /** What stands before the words of a command where one is named, such as in a remedy. Default `npx fermata`. */
  commandLine?: string;
  /** Where files of Fermata's lie, when a bundler took its code away from them. */
  assets?: {
    /** The folder of migrations. */
    migrations?: string;
    /** `workbench-process.js`. */
    workbench?: string;
  };
  /** Lets work go on after an answer, where the platform would freeze the process then. */
  keepAlive?: (work: Promise<unknown>) => void;
  /** Default: warnings and errors, to the console. */
  log?: Logger;
}
