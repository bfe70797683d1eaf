import type { Services } from "../context";
import type { CronEngine } from "../crons/engine/cron-engine";
import type { DatabaseClock } from "../ground/database-clock";
import type { Hosting } from "../hosts/call";
import type { FetchHost } from "../hosts/fetch";
import type { ReadinessCheck } from "../operations/readiness-check";
import type { ObjectEndpoint } from "../ports/object-endpoint";

/** What a server is made of, for hosts of ours and for this repository's own app. */
export interface ServerParts {
  services: Services;
  hosting: Hosting;
  host: FetchHost;
  /** The disk store's endpoint, straight from Node's request; null where a real S3 serves the objects. */
  disk: ObjectEndpoint | null;
  cronEngine: CronEngine;
  readiness: () => Promise<ReadinessCheck[]>;
  /** The PostgreSQL schema of the tables. */
  schema: string;
  /** Time for everything that is compared with rows: PostgreSQL's. */
  clock: DatabaseClock;
  /** Aborts running jobs, so that they end as failed and not, a minute later, as lost. */
  stopJobs(): Promise<void>;
}

const known = new WeakMap<object, ServerParts>();

export function keepParts<Server extends object>(server: Server, parts: ServerParts): Server {
  known.set(server, parts);
  return server;
}

/** The inside of a server. @throws Error for what createFermataServer did not make */
export function partsOf(server: object): ServerParts {
  const parts = known.get(server);
  if (!parts)
    throw new Error("This is no server that createFermataServer of this @fermata/server made.");
  return parts;
}
