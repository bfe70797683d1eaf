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
import { consoleLog } from "./door/console-log";
import { createOperator } from "./door/create-operator";
import { errorFormatter } from "./door/error-formatter";
import { FermataOptionError } from "./door/fermata-error";
import type { FermataServer } from "./door/fermata-server";
import { declareCrons } from "./door/host-crons";
import { hostOwners } from "./door/host-owners";
import { identifyHost } from "./door/identify-host";
import { nestRoutes } from "./door/nested-routers";
import { openHostDatabase } from "./door/open-host-database";
import type { FermataServerOptions } from "./door/options";
import { createReadiness } from "./door/readiness";
import { originsOf, requireOptions } from "./door/require-options";
import { keepParts } from "./door/server-parts";
import { serverVerbs } from "./door/server-verbs";
import { createStoreTrial } from "./door/store-trial";
import { createDatabaseClock } from "./ground/database-clock";
import { summingLog } from "./ground/summing-log";
import { startTracing } from "./ground/tracing";
import { type Hosting, procedureOf } from "./hosts/call";
import { createFetchHost } from "./hosts/fetch";
import { libraryCrons } from "./library-crons";
import { libraryRoutes } from "./library-routes";
import { InFlight } from "./limits/in-flight";
import { createRateLimiter } from "./limits/rate-limiter";
import { lookAtStore } from "./media/owner/look-at-store";
import { completeWhenWhole } from "./media/uploads/complete-when-whole";
import { recordPart } from "./media/uploads/record-part";
import { uploadState } from "./media/uploads/upload-state";
import { apiDocument } from "./openapi/describe-api";
import { Metrics } from "./operations/metrics";
import { ProcessGauge } from "./operations/process-gauge";
import { startWatch, type Watch } from "./operations/watch";
import { libraryTerms } from "./reference/library-terms";
import { router } from "./trpc";
import type { UploadRules } from "./uploads/upload-rule";
import { openWorkbench } from "./workbench/open-workbench";

const defaults = {
  basePath: "/api/fermata",
  filesQuotaBytes: 1024 ** 3,
  mediaQuotaBytes: 100 * 1024 ** 3,
};

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
    completeWithLast: (upload, origin) => completeWhenWhole({ ...services, origin }, upload),
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
      ...(options.passOnBytes !== undefined && { passOnBytes: options.passOnBytes }),
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
  const readiness = createReadiness(services, {
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
    ...serverVerbs(services, database),
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
