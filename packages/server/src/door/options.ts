import type { Inngest } from "inngest";
import type { Clock } from "../ports/clock";
import type { FileOwner } from "../ports/file-owner";
import type { IceProvider } from "../ports/ice-provider";
import type { Logger } from "../ports/logger";
import type { Notifier } from "../ports/notifier";
import type { QuotaRule } from "../ports/quota-rule";
import type { UploadRules } from "../uploads/upload-rule";
import type { CronsOption } from "./host-crons";
import type { HostIdentity } from "./identify-host";
import type { DatabaseOption } from "./open-host-database";
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
  identify: (request: Request) => HostIdentity | null | Promise<HostIdentity | null>;
  /** Whose bytes count together, and how many there may be. Default: 1 GiB of files and 100 GiB of media a user. */
  quota?: QuotaRule;
  /** Columns of your own tables that refer to files: what they name is not purged. */
  owners?: readonly FileOwner[];
  /** What may be uploaded under which name, by whom, and what then happens. */
  uploads?: Rules;
  /** Your own jobs beside Fermata's: `(crons) => crons.daily("dunning", { hourUTC: 6 }, sendReminders)`, or `cronJobs()`. */
  crons?: CronsOption;
  /** Inngest runs the jobs. Its keys come from the environment, as its SDK reads them, unless you give a client. */
  inngest?: { id?: string; client?: Inngest };
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
  maxBodyBytes?: number;
  /** Origins of frontends elsewhere that may call with a bearer. */
  allowedOrigins?: readonly string[];
  /** How many proxies of yours a request passes, each adding to `X-Forwarded-*`. Default 0: none is believed. */
  proxyHops?: number;
  /** Is told of jobs that fail and of what wants a decision: `{ name, notify }`. Default: nobody is. */
  notifier?: Notifier;
  /** What Prometheus sends as a bearer to `basePath/metrics`. Without it there are no metrics. */
  metricsToken?: string;
  /** For tests, which move it: `testClock()` of `@fermata/server/testing`. Default: this machine's. */
  clock?: Clock;
  /** Default: warnings and errors, to the console. */
  log?: Logger;
}
