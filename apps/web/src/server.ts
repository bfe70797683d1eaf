import {
  appRouter,
  type CronEngine,
  createCronEngine,
  createDatabaseClock,
  createInngest,
  createRateLimiter,
  crons,
  type DatabaseClock,
  defaultBasePath,
  describeUsers,
  ensureFirstAdmin,
  InFlight,
  type Logger,
  lookAtStore,
  Metrics,
  openDatabase,
  openPool,
  openWorkbench,
  ProcessGauge,
  poolTransaction,
  type ReadinessCheck,
  recordAudit,
  type Services,
  studioOwners,
} from "@fermata/server";
import { createCloudflareIceProvider } from "@fermata/server/adapters/ice/cloudflare";
import { createCoturnIceProvider } from "@fermata/server/adapters/ice/coturn";
import { createStaticIceProvider } from "@fermata/server/adapters/ice/static";
import { createStunOnlyIceProvider } from "@fermata/server/adapters/ice/stun-only";
import { createInngestJobQueue } from "@fermata/server/adapters/job-queue/inngest";
import { createLarkNotifier } from "@fermata/server/adapters/notifier/lark";
import { severalNotifiers } from "@fermata/server/adapters/notifier/several";
import { createWebhookNotifier } from "@fermata/server/adapters/notifier/webhook";
import { createPostgresRoomBus } from "@fermata/server/adapters/room-bus/postgres";
import type { Hosting } from "@fermata/server/hosts/call";
import { type Api, createFetchHost, type FetchHost } from "@fermata/server/hosts/fetch";
import { identifyByToken } from "./auth/identify";
import { handleAuth, type SignInConfig } from "./auth/next-auth";
import { builtWorkbenchEntry } from "./built-workbench-entry";
import { type Env, parseEnv, requireStore } from "./env";
import { createLog } from "./log";
import { openObjectStore } from "./object-store";
import { checkReadiness } from "./readiness";
import { createStoreTrial } from "./store-trial";
import { trustOf } from "./trust";

/** What Vercel lets through of a body. */
const vercelBodyBytes = 4_500_000;

export interface Surroundings {
  log: Logger;
  embeddedDatabase: boolean;
  /** Piano Mirror, where this process serves it: its address, where browsers can know it, and the origins that lead there. */
  mirror?: { url: string | null; origins: string[] } | null;
  /** The runner that this process hosts, where no Inngest is configured. */
  runner: { signingKey: string; fetch: typeof fetch } | null;
  pendingMigrations: () => Promise<string[]>;
  /** Where the entry of the workbench's processes lies, when not beside this code. */
  workbenchEntry?: string;
  /** Lets work go on after an answer, where the platform would freeze the process then. */
  keepAlive?: (work: Promise<unknown>) => void;
}

export interface Composition {
  services: Services;
  api: Api;
  /** For who hosts the API in a server of its own. */
  hosting: Hosting;
  host: FetchHost;
  cronEngine: CronEngine;
  readiness: () => Promise<ReadinessCheck[]>;
  /** The PostgreSQL schema of the tables. */
  schema: string;
  /** Time for everything that is compared with rows: PostgreSQL's. */
  clock: DatabaseClock;
  /** Connections that no transaction pooler shares, where DATABASE_DIRECT_URL gives a way to them. */
  sessions: Services["pool"];
  /** The disk store's endpoint, for who answers straight from Node; null where a real S3 serves the objects. */
  disk: ReturnType<typeof openObjectStore>["disk"];
  /** Aborts running jobs, so that they end as failed and not, a minute later, as lost. */
  stopJobs(): Promise<void>;
  close(): Promise<void>;
}

/** The composition root: the one place that knows every adapter and chooses. */
export function compose(env: Env, surroundings: Surroundings): Composition {
  const { log, runner, mirror = null } = surroundings;
  const stopping = new AbortController();
  const database = openDatabase({
    url: env.DATABASE_URL,
    log,
    maxConnections: env.DATABASE_POOL_SIZE,
    statementNames: env.DATABASE_STATEMENT_NAMES,
  });
  const clock = createDatabaseClock({ pool: database.pool, log });
  // Where nothing waits for it, the first requests go by the machine's clock.
  void clock.compare();
  const sessions = env.DATABASE_DIRECT_URL
    ? openPool({ url: directUrl(env), log, maxConnections: 1 })
    : null;
  const bus = createPostgresRoomBus({
    connectionString: directUrl(env),
    log,
  });
  const store = openObjectStore(env, { ...database, clock });
  const workbench = openWorkbench({ entry: surroundings.workbenchEntry ?? null });
  const inngestClient = createInngest({
    log,
    appId: env.INNGEST_APP_ID,
    isDev: env.INNGEST_DEV,
    ...(runner
      ? {
          signingKey: runner.signingKey,
          eventKey: "embedded",
          baseUrl: "http://127.0.0.1",
          fetch: runner.fetch,
        }
      : {
          ...(env.INNGEST_SIGNING_KEY && { signingKey: env.INNGEST_SIGNING_KEY }),
          ...(env.INNGEST_EVENT_KEY && { eventKey: env.INNGEST_EVENT_KEY }),
          ...(env.INNGEST_BASE_URL && { baseUrl: env.INNGEST_BASE_URL }),
        }),
  });
  const services: Services = {
    config: {
      basePath: defaultBasePath,
      publicOrigin: env.FERMATA_PUBLIC_URL ?? null,
      filesOrigin: env.FERMATA_FILES_ORIGIN ?? null,
      allowedOrigins: [...new Set([...env.FERMATA_ALLOWED_ORIGINS, ...mirrorOrigins(env, mirror)])],
      mirrorUrl: env.MIRROR_URL ?? mirror?.url ?? null,
      urlSecret: env.FERMATA_SECRET,
      maxBodyBytes: env.FERMATA_MAX_BODY_BYTES ?? (env.VERCEL ? vercelBodyBytes : null),
      filesQuotaBytes: env.FERMATA_FILES_QUOTA_BYTES,
      mediaQuotaBytes: env.FERMATA_MEDIA_QUOTA_BYTES,
      sessionDays: env.FERMATA_SESSION_DAYS,
      database: surroundings.embeddedDatabase ? "embedded" : "external",
      objectStore: store.name,
      signInProviders: [
        ...(env.GITHUB_CLIENT_ID ? ["github"] : []),
        ...(env.GOOGLE_CLIENT_ID ? ["google"] : []),
      ],
    },
    db: database.db,
    pool: database.pool,
    clock,
    log,
    objects: store.objects,
    workbench,
    ice: chooseIceProvider(env),
    bus,
    jobs: createInngestJobQueue({
      inngest: inngestClient,
      engine: runner ? "embedded" : "inngest",
      clock,
      dashboard: runner ? null : findDashboard(env),
      includedExecutions: isBilled(env, runner) ? env.INNGEST_PLAN_EXECUTIONS : null,
    }),
    crons,
    owners: studioOwners,
    quota: null,
    uploads: {},
    transaction: poolTransaction(database.pool),
    describeUsers: (userIds) => describeUsers(database.db, userIds),
    audit: (ctx, kind) => recordAudit(ctx, { kind }),
    limits: createRateLimiter({
      pool: database.pool,
      clock,
      overrides: env.FERMATA_RATE_LIMITS,
    }),
    inFlight: new InFlight({ pool: database.pool, log }),
    process: new ProcessGauge(),
    metrics: env.FERMATA_METRICS_TOKEN
      ? new Metrics({ token: env.FERMATA_METRICS_TOKEN, services: () => services })
      : null,
    checks: () => readiness(),
    notifier: chooseNotifier(env, clock),
  };
  const cronEngine = createCronEngine(services, {
    inngest: inngestClient,
    stopping: stopping.signal,
    ...(surroundings.keepAlive && { keepAlive: surroundings.keepAlive }),
  });
  const signIn = signInConfig(env);
  const tryStore = createStoreTrial(services);
  const readiness = () =>
    checkReadiness(services, {
      tryStore,
      pendingMigrations: surroundings.pendingMigrations,
      appId: env.INNGEST_APP_ID,
    });
  const hosting: Hosting = {
    services,
    router: appRouter,
    identify: identifyByToken,
    trust: trustOf(env),
  };
  const host = createFetchHost({
    ...hosting,
    auth: (ctx, request) => handleAuth(ctx, signIn, request),
    inngest: cronEngine.handler,
    objects: store.disk?.handle ?? null,
  });
  return {
    services,
    cronEngine,
    readiness,
    schema: database.schema,
    clock,
    sessions: sessions ?? database.pool,
    disk: store.disk,
    hosting,
    host,
    api: host.handle,
    async stopJobs() {
      stopping.abort();
      await workbench.close();
    },
    async close() {
      services.process.stop();
      await workbench.close();
      clock.stop();
      await bus.close();
      await sessions?.end();
      await database.close();
    },
  };
}

/** The way to the database past a transaction pooler, where one is known, to the same schema. */
export function directUrl(env: Pick<Env, "DATABASE_URL" | "DATABASE_DIRECT_URL">): string {
  const direct = new URL(env.DATABASE_DIRECT_URL ?? env.DATABASE_URL);
  const schema = new URL(env.DATABASE_URL).searchParams.get("schema");
  if (schema && !direct.searchParams.has("schema")) direct.searchParams.set("schema", schema);
  return direct.toString();
}

function mirrorOrigins(env: Env, mirror: { origins: string[] } | null): string[] {
  const elsewhere = env.MIRROR_URL ? [new URL(env.MIRROR_URL).origin] : [];
  return [...elsewhere, ...(mirror?.origins ?? [])];
}

/** For platforms that run no start-up code: everything comes from the environment, and a missing part is named. */
export async function composeFromEnv(source: Record<string, string | undefined>): Promise<Api> {
  const env = parseEnv(source);
  requireStore(source);
  const { api, services, cronEngine } = compose(env, {
    log: createLog(env),
    embeddedDatabase: false,
    runner: null,
    keepAlive: waitUntilOnVercel,
    // Migrations are applied where the code is deployed, not by the requests that use them.
    pendingMigrations: async () => [],
    workbenchEntry: builtWorkbenchEntry(),
  });
  // Nothing listens here that could tell Inngest of the jobs, and no request's own idea of our address is believed.
  if (env.FERMATA_PUBLIC_URL && (env.INNGEST_SIGNING_KEY || env.INNGEST_DEV))
    waitUntilOnVercel(cronEngine.introduce(new URL("/api/inngest", env.FERMATA_PUBLIC_URL)));
  // No request waits for it.
  lookAtStore(services).catch((err: unknown) => {
    services.log.warn({ err }, "the store does not say whose it is; the next sweep looks again");
  });
  if (env.FERMATA_ADMIN_PASSWORD) {
    await ensureFirstAdmin(services, {
      email: env.FERMATA_ADMIN_EMAIL,
      password: env.FERMATA_ADMIN_PASSWORD,
    });
  }
  return api;
}

const vercelContext = Symbol.for("@vercel/request-context");

/** What a function on Vercel has begun goes on after its answer, if the platform is told; elsewhere it does so anyway. */
function waitUntilOnVercel(work: Promise<unknown>): void {
  const holder = globalThis as {
    [vercelContext]?: { get?(): { waitUntil?(work: Promise<unknown>): void } | undefined };
  };
  holder[vercelContext]?.get?.()?.waitUntil?.(work);
}

/** Only Inngest's cloud sends bills. */
function isBilled(env: Env, runner: Surroundings["runner"]): boolean {
  return !runner && !env.INNGEST_DEV && !env.INNGEST_BASE_URL;
}

/** Where people see Inngest's runs. Of a cloud environment other than production the address is not known. */
function findDashboard(env: Env): { url: string } | "cloud" | null {
  if (env.INNGEST_BASE_URL) return { url: env.INNGEST_BASE_URL };
  if (env.INNGEST_DEV) return { url: "http://127.0.0.1:8288" };
  return env.INNGEST_SIGNING_KEY?.startsWith("signkey-prod-") ? "cloud" : null;
}

function chooseIceProvider(env: Env) {
  const { CLOUDFLARE_TURN_KEY_ID: keyId, CLOUDFLARE_TURN_API_TOKEN: apiToken } = env;
  if (keyId && apiToken) return createCloudflareIceProvider({ keyId, apiToken });
  const stunUrls = env.STUN_URLS;
  if (env.COTURN_URLS && env.COTURN_SECRET) {
    return createCoturnIceProvider({
      secret: env.COTURN_SECRET,
      urls: env.COTURN_URLS,
      ...(stunUrls && { stunUrls }),
    });
  }
  const { TURN_URLS: urls, TURN_USERNAME: username, TURN_CREDENTIAL: credential } = env;
  if (urls && username && credential) {
    return createStaticIceProvider({ urls, username, credential, ...(stunUrls && { stunUrls }) });
  }
  return createStunOnlyIceProvider(stunUrls ? { urls: stunUrls } : {});
}

function chooseNotifier(env: Env, clock: Services["clock"]) {
  const {
    LARK_WEBHOOK_URL: webhookUrl,
    LARK_WEBHOOK_SECRET: larkSecret,
    FERMATA_WEBHOOK_URL: url,
    FERMATA_WEBHOOK_SECRET: secret,
  } = env;
  return severalNotifiers([
    ...(webhookUrl
      ? [createLarkNotifier({ webhookUrl, clock, ...(larkSecret && { secret: larkSecret }) })]
      : []),
    ...(url ? [createWebhookNotifier({ url, clock, ...(secret && { secret }) })] : []),
  ]);
}

function signInConfig(env: Env): SignInConfig {
  return {
    secret: env.NEXTAUTH_SECRET,
    ...(env.GITHUB_CLIENT_ID &&
      env.GITHUB_CLIENT_SECRET && {
        github: { clientId: env.GITHUB_CLIENT_ID, clientSecret: env.GITHUB_CLIENT_SECRET },
      }),
    ...(env.GOOGLE_CLIENT_ID &&
      env.GOOGLE_CLIENT_SECRET && {
        google: { clientId: env.GOOGLE_CLIENT_ID, clientSecret: env.GOOGLE_CLIENT_SECRET },
      }),
  };
}
