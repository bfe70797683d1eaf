import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { applyMigrations, pendingMigrations } from "@fermata/migrations";
import { Inngest, type InngestFunction } from "inngest";
import { createStunOnlyIceProvider } from "./adapters/ice/stun-only";
import { createInngestJobQueue } from "./adapters/job-queue/inngest";
import { createPostgresRoomBus, createRoomBusOn } from "./adapters/room-bus/postgres";
import type { Services } from "./context";
import { createCronEngine } from "./crons/engine/cron-engine";
import { createInngestFunctions } from "./crons/engine/to-inngest";
import { cancelJob } from "./crons/queue/cancel-job";
import { enqueueJob } from "./crons/queue/enqueue-job";
import { consoleLog } from "./door/console-log";
import { createOperator } from "./door/create-operator";
import { errorFormatter } from "./door/error-formatter";
import { FermataOptionError } from "./door/fermata-error";
import { declareCrons } from "./door/host-crons";
import { hostOwners } from "./door/host-owners";
import { identifyHost } from "./door/identify-host";
import { nestRoutes } from "./door/nested-routers";
import { openHostDatabase } from "./door/open-host-database";
import type { Operator } from "./door/operator";
import type { FermataServerOptions } from "./door/options";
import { checkReadiness } from "./door/readiness";
import { originsOf, requireOptions } from "./door/require-options";
import { keepParts } from "./door/server-parts";
import { createStoreTrial } from "./door/store-trial";
import { attachFile, releaseFile } from "./files/verbs/attach-file";
import { getFile } from "./files/verbs/get-file";
import { keepFile, letGoOfFile } from "./files/verbs/keep-file";
import { storeFile } from "./files/verbs/store-file";
import { createDatabaseClock } from "./ground/database-clock";
import { summingLog } from "./ground/summing-log";
import { startTracing } from "./ground/tracing";
import type { Transaction } from "./ground/transaction";
import { type Hosting, procedureOf } from "./hosts/call";
import type { Connection } from "./hosts/connection";
import { createFetchHost } from "./hosts/fetch";
import { libraryCrons } from "./library-crons";
import { libraryRoutes } from "./library-routes";
import { InFlight } from "./limits/in-flight";
import { createRateLimiter } from "./limits/rate-limiter";
import { lookAtStore } from "./media/owner/look-at-store";
import { recordPart } from "./media/uploads/record-part";
import { uploadState } from "./media/uploads/upload-state";
import { attachMedia } from "./media/verbs/attach-media";
import { keepMedia, letGoOfMedia } from "./media/verbs/keep-media";
import { readMedia, type StoredMedia } from "./media/verbs/read-media";
import { storeMedia } from "./media/verbs/store-media";
import { apiDocument } from "./openapi/describe-api";
import { Metrics } from "./operations/metrics";
import { ProcessGauge } from "./operations/process-gauge";
import type { ReadinessCheck } from "./operations/readiness-check";
import { startWatch, type Watch } from "./operations/watch";
import { libraryTerms } from "./reference/library-terms";
import { router } from "./trpc";
import type { UploadRules } from "./uploads/upload-rule";
import { deleteUser } from "./users/delete-user";
import { openWorkbench } from "./workbench/open-workbench";

const defaults = {
  basePath: "/api/fermata",
  filesQuotaBytes: 1024 ** 3,
  mediaQuotaBytes: 100 * 1024 ** 3,
};

export interface FermataServer<Rules extends UploadRules = UploadRules> {
  /** Answers everything below `basePath`: procedures, uploads, downloads, objects of a disk store, Inngest, health, ready. */
  handler: (request: Request, connection?: Connection) => Promise<Response>;
  /** The same procedures for a tRPC router of your own, whose context has `req: Request`. */
  routers: typeof libraryRoutes;
  /** For that router: keeps `appCode` and `details` in the errors of ours. */
  errorFormatter: typeof errorFormatter;
  files: {
    /**
     * Lets a row of yours refer to a file, in the transaction that writes the row: the uploader's alone, ready, and nobody
     * else's. @throws AppError NOT_FOUND, CONFLICT
     */
    attach(
      tx: Transaction,
      file: { storageId: string; userId: string },
    ): Promise<{ storageId: string; contentType: string }>;
    /** Says that the row has ceased to refer to it: a day later the file is purged, unless something else does. */
    release(tx: Transaction, file: { storageId: string }): Promise<void>;
    /** Keeps a file for an owner that is no table of this database, by name. To say it again changes nothing. */
    keep(file: { storageId: string; owner: string }): Promise<void>;
    letGo(file: { storageId: string; owner: string }): Promise<void>;
    /** Stores bytes as a file of a user's, of at most 5 MiB, with all that is checked of an upload. */
    store(
      bytes: Uint8Array | AsyncIterable<Uint8Array>,
      file: { ownerId: string; tenantId?: string | null; contentType?: string; filename?: string },
    ): Promise<{ storageId: string }>;
    /** Anybody's file with its bytes, to be read once; null for none. */
    get(storageId: string): Promise<{
      storageId: string;
      ownerId: string;
      filename: string | null;
      contentType: string;
      sizeBytes: number;
      body: ReadableStream<Uint8Array>;
    } | null>;
  };
  media: {
    /**
     * Lets a row of yours refer to media, in the transaction that writes the row: their user's alone, and ready. Media are
     * never purged; a foreign key to `fermata."Media" (key)` keeps them from being deleted under the row.
     * @throws AppError NOT_FOUND
     */
    attach(
      tx: Transaction,
      media: { key: string; userId: string },
    ): Promise<{ key: string; contentType: string }>;
    /** Says that the row has ceased to refer to them. They stay until their user deletes them. */
    release(tx: Transaction, media: { key: string }): Promise<void>;
    /** Keeps media from being deleted by their user, for an owner by name. To say it again changes nothing. */
    keep(media: { key: string; owner: string }): Promise<void>;
    letGo(media: { key: string; owner: string }): Promise<void>;
    /** Stores bytes as media of a user's, of at most 64 MiB, with all that is checked of an upload. */
    store(
      bytes: Uint8Array | AsyncIterable<Uint8Array>,
      media: {
        ownerId: string;
        tenantId?: string | null;
        contentType: string;
        filename: string;
        visibility?: "public" | "private";
      },
    ): Promise<{ key: string }>;
    /** Anybody's ready media with their bytes, to be read once; null for none. */
    get(key: string): Promise<StoredMedia | null>;
  };
  /** Jobs that were declared with `crons.onDemand`. */
  jobs: {
    /**
     * Asks for a job in your own transaction: it runs once that is committed, exactly as often as it was asked for.
     * @param input JSON of at most 256 KiB
     * @throws AppError NOT_FOUND for a job that is not declared, INVALID_INPUT
     */
    enqueue(
      tx: Transaction,
      name: string,
      input?: unknown,
      options?: {
        runAt?: Date;
        /** Of the request that asks, for the log of the run. */
        requestId?: string;
      },
    ): Promise<{ jobId: string }>;
    /** False when it has begun, is over, or never was. */
    cancel(tx: Transaction, jobId: string): Promise<{ cancelled: boolean }>;
  };
  users: {
    /** Deletes everything of a user's. Bytes follow within minutes. */
    delete(userId: string): Promise<void>;
  };
  /** For programs of whoever runs the app: `npx fermata`, and the console. */
  readonly operator: Operator;
  /** Makes Fermata's own tables what this version needs; yours are never touched. @throws MigrationError */
  migrate(): Promise<{ applied: string[] }>;
  /** Looks at what the server stands on: the database, its migrations, the store, the columns that own files. */
  check(): Promise<ReadinessCheck[]>;
  /** To be served beside functions of your own; or `basePath/inngest` serves them. */
  inngestFunctions: InngestFunction.Any[];
  inngestClient: Inngest;
  /**
   * For a process that stays up: registers with Inngest at this address of `basePath/inngest`, watches its jobs, and tells
   * the notifier of what an operator must do.
   */
  start(address: { url: string }): Promise<void>;
  close(): Promise<void>;
  /** The rules of uploads, for the types of clients. */
  readonly uploads: Rules;
}

/**
 * Fermata in an app: its own tables in your PostgreSQL, your sign-in, your jobs.
 * @throws FermataOptionError naming the option that does not fit
 */
export function createFermataServer<const Rules extends UploadRules = Record<never, never>>(
  options: FermataServerOptions<Rules>,
): FermataServer<Rules> {
  requireOptions(options);
  const origins = originsOf(options);
  const log = summingLog(options.log ?? consoleLog);
  const basePath = (options.basePath ?? defaults.basePath).replace(/\/+$/, "");
  const stopping = new AbortController();
  if (options.telemetry) {
    startTracing().catch((err: unknown) => log.warn({ err }, "nothing is traced"));
  }
  const database = openHostDatabase(options.database, log);
  const { db, pool } = database;
  // What one server writes another compares with: they share PostgreSQL's time.
  const databaseClock = createDatabaseClock({ pool, log });
  const clock = options.clock ?? databaseClock;
  const store = options.store({
    secret: options.secret,
    clock,
    basePath,
    onPart: (part) => recordPart({ db, clock }, part),
    stateOf: (upload) => uploadState({ pool }, upload),
  });
  const { target } = database;
  const bus =
    typeof target === "string"
      ? createPostgresRoomBus({ connectionString: target, log })
      : createRoomBusOn({ ...target, log });
  const workbench = openWorkbench({ entry: options.assets?.workbench ?? null });
  // Its keys come from the environment, as its own documents say.
  const inngest = options.inngest?.client ?? new Inngest({ id: options.inngest?.id ?? "fermata" });
  const crons = libraryCrons();
  declareCrons(crons, options.crons);
  const { quota } = options;
  const services: Services = {
    config: {
      basePath,
      ...origins,
      mirrorUrl: options.roomsUrl ?? null,
      commandLine: options.commandLine ?? "npx fermata",
      urlSecret: options.secret,
      maxBodyBytes: options.maxBodyBytes ?? null,
      filesQuotaBytes: defaults.filesQuotaBytes,
      mediaQuotaBytes: defaults.mediaQuotaBytes,
      ...(typeof quota === "object" && {
        filesQuotaBytes: quota.filesBytes,
        mediaQuotaBytes: quota.mediaBytes,
      }),
      objectStore: store.name,
    },
    db,
    pool,
    clock,
    log,
    objects: store.objects,
    workbench,
    ice: options.ice ?? createStunOnlyIceProvider(),
    bus,
    jobs: createInngestJobQueue({
      inngest,
      clock,
      engine: options.inngest?.engine ?? "inngest",
      dashboard: options.inngest?.dashboard ?? null,
      includedExecutions: options.inngest?.includedExecutions ?? null,
    }),
    crons,
    owners: hostOwners(options.owners ?? [], database.hostSchema),
    quota: typeof quota === "function" ? quota : null,
    uploads: options.uploads ?? {},
    transaction: database.transaction,
    describeUsers: options.describeUsers ?? (async () => new Map()),
    ...(options.audit && { audit: options.audit }),
    limits: createRateLimiter({
      pool,
      clock,
      ...(options.rateLimits && { overrides: options.rateLimits }),
    }),
    inFlight: new InFlight({ pool, log }),
    process: new ProcessGauge(),
    metrics:
      options.metricsToken || options.telemetry
        ? new Metrics({ token: options.metricsToken ?? null, services: () => services })
        : null,
    checks: () => readiness(),
    notifier: options.notifier ?? null,
    ...(options.app !== undefined && { app: options.app }),
  };
  const engineOptions = { inngest, stopping: stopping.signal };
  const cronEngine = createCronEngine(services, {
    ...engineOptions,
    ...(options.keepAlive && { keepAlive: options.keepAlive }),
  });
  const migrationsDir = options.assets?.migrations ?? findMigrations();
  const tryStore = createStoreTrial(services);
  const readiness = () =>
    checkReadiness(services, {
      tryStore,
      appId: inngest.id,
      remedies: options.remedies ?? {},
      schema: database.schema,
      // Code that was bundled without them is migrated where it is deployed.
      pendingMigrations: async () =>
        migrationsDir ? pendingMigrations({ url: target, migrationsDir }) : [],
    });
  let watch: Watch | null = null;
  const hosting: Hosting = {
    services,
    trust: {
      proxyHops: options.proxyHops ?? 0,
      ...(options.clientAddressHeader && { addressHeader: options.clientAddressHeader }),
    },
    router: router({ ...options.routers, ...libraryRoutes }),
    identify: (ctx, head) => identifyHost(ctx, head, options.identify),
  };
  for (const path of Object.keys(options.openapi ?? {})) {
    if (!procedureOf(hosting.router, path))
      throw new FermataOptionError(`openapi["${path}"]`, "names no procedure of `routers`.");
  }
  const { auth } = options;
  const served = {
    inngest: cronEngine.handler,
    objects: store.handle,
    openapi: apiDocument(hosting.router, { ...options.openapi, ...libraryTerms }, basePath),
  };
  const host = createFetchHost({
    ...hosting,
    ...served,
    auth: auth ? (ctx, request) => auth(request, ctx) : null,
  });
  const operator = createOperator({
    services,
    schema: database.schema,
    store,
    migrationsDir,
    appId: inngest.id,
    hostFor: (asOperator, identity) => {
      const identify = async () => identity;
      const trust = { proxyHops: 0 };
      const made = { ...hosting, ...served, services: asOperator, trust, identify };
      return createFetchHost({ ...made, auth: null });
    },
  });

  let functions: InngestFunction.Any[] | undefined;
  const stopJobs = async () => {
    stopping.abort();
    await workbench.close();
  };

  const server: FermataServer<Rules> = {
    handler: host.handle,
    routers: nestRoutes(libraryRoutes, hosting),
    errorFormatter,
    files: {
      attach: async (tx, file) => {
        const { id, contentType } = await attachFile(services, database.ours(tx), file);
        return { storageId: id, contentType };
      },
      release: (tx, file) => releaseFile(services, database.ours(tx), file),
      keep: (file) => keepFile(services, { ...file, uploaderId: null }),
      letGo: (file) => letGoOfFile(services, { ...file, uploaderId: null }),
      store: (bytes, file) => storeFile(services, bytes, file),
      get: (storageId) => getFile(services, storageId),
    },
    media: {
      attach: (tx, media) => attachMedia(database.ours(tx), media),
      // Nothing counts the time since: media are not purged.
      release: async () => {},
      keep: (media) => keepMedia(services, media),
      letGo: (media) => letGoOfMedia(services, media),
      store: (bytes, media) => storeMedia(services, bytes, media),
      get: (key) => readMedia(services, key),
    },
    jobs: {
      enqueue: (tx, name, input, when) =>
        enqueueJob(services, database.ours(tx), name, input, when),
      cancel: (tx, jobId) => cancelJob(services, database.ours(tx), jobId),
    },
    users: { delete: (userId) => deleteUser(services, userId) },
    operator,
    async migrate() {
      if (!migrationsDir) {
        throw new FermataOptionError(
          "assets.migrations",
          "is missing: a bundler took the code away from its folder of migrations.",
        );
      }
      const done = await applyMigrations({ url: target, migrationsDir });
      await lookAtStore(services);
      return done;
    },
    async check() {
      const beside = new Set(["database disk", "store owner", "clock", "jobs"]);
      return (await readiness()).filter(({ name }) => !beside.has(name));
    },
    inngestClient: inngest,
    get inngestFunctions() {
      functions ??= createInngestFunctions(services, engineOptions);
      return functions;
    },
    async start({ url }) {
      watch ??= startWatch(services);
      await cronEngine.start(new URL(`${basePath}/inngest`, url));
    },
    async close() {
      watch?.stop();
      services.process.stop();
      await cronEngine.stop();
      await stopJobs();
      databaseClock.stop();
      await bus.close();
      await database.close();
    },
    uploads: (options.uploads ?? {}) as Rules,
  };
  return keepParts(server, {
    services,
    hosting,
    host,
    disk: store.endpoint,
    cronEngine,
    readiness,
    schema: database.schema,
    clock: databaseClock,
    stopJobs,
  });
}

/**
 * Beside the built code where the package is installed; in its repository, with the data model. A bundler is not to take
 * the folder for a module.
 */
function findMigrations(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return ["migrations", "../../../prisma/migrations"]
    .map((path) => join(/* turbopackIgnore: true */ here, path))
    .find((path) => existsSync(/* turbopackIgnore: true */ path));
}
