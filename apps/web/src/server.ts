import { createFermataServer, type FermataServer, type Logger } from "@fermata/server";
import { createLarkNotifier } from "@fermata/server/adapters/notifier/lark";
import { severalNotifiers } from "@fermata/server/adapters/notifier/several";
import { createWebhookNotifier } from "@fermata/server/adapters/notifier/webhook";
import type { Api } from "@fermata/server/hosts/fetch";
import { cloudflareTurn, coturn, staticTurn, stunOnly } from "@fermata/server/ice";
import {
  createInngest,
  lookAtStore,
  openPool,
  partsOf,
  readDatabaseUrl,
  type ServerParts,
} from "@fermata/server/internal";
import { identifyBySession } from "./auth/identify";
import { handleAuth, type SignInConfig } from "./auth/next-auth";
import { builtWorkbenchEntry } from "./built-workbench-entry";
import { type Env, parseEnv, requireStore } from "./env";
import { createLog } from "./log";
import { createSmtpNotifier } from "./notifiers/smtp-notifier";
import { chooseStore } from "./object-store";
import { recordAudit } from "./studio/audit/record-audit";
import { describeUsers } from "./studio/auth/describe-users";
import { ensureFirstAdmin } from "./studio/auth/ensure-first-admin";
import type { Services, StudioConfig, UserIdentity } from "./studio/context";
import { studioCrons } from "./studio/crons";
import { studioOwners } from "./studio/file-owners";
import { studioTerms } from "./studio/procedure-terms";
import { routes } from "./studio/routes";
import { startTelemetry } from "./telemetry/start-telemetry";
import { isSent } from "./telemetry/telemetry";
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
  /** Where the entry of the workbench's processes lies, when not beside this code. */
  workbenchEntry?: string;
  /** Lets work go on after an answer, where the platform would freeze the process then. */
  keepAlive?: (work: Promise<unknown>) => void;
}

export interface Composition extends Omit<ServerParts, "services"> {
  fermata: FermataServer;
  services: Services;
  api: Api;
  /** Connections that no transaction pooler shares, where DATABASE_DIRECT_URL gives a way to them. */
  sessions: Services["pool"];
  close(): Promise<void>;
}

/** The composition root: from the environment to the studio's own Fermata. */
export function compose(env: Env, surroundings: Surroundings): Composition {
  const { log, runner, mirror = null } = surroundings;
  const { schema } = readDatabaseUrl(env.DATABASE_URL);
  const notifier = chooseNotifier(env, { now: () => parts.clock.now() });
  const app: StudioConfig = {
    sessionDays: env.FERMATA_SESSION_DAYS,
    database: surroundings.embeddedDatabase ? "embedded" : "external",
    signInProviders: [
      ...(env.GITHUB_CLIENT_ID ? ["github"] : []),
      ...(env.GOOGLE_CLIENT_ID ? ["google"] : []),
    ],
  };
  const signIn = signInConfig(env);
  // What the studio does of its own stands on the same services; nothing is asked of it before they are there.
  const services = () => parts.services as Services;
  const fermata = createFermataServer({
    database: {
      url: env.DATABASE_URL,
      directUrl: directUrl(env),
      schema,
      maxConnections: env.DATABASE_POOL_SIZE,
      statementNames: env.DATABASE_STATEMENT_NAMES,
    },
    basePath: "/api",
    secret: env.FERMATA_SECRET,
    store: chooseStore(env),
    identify: identifyBySession(services),
    describeUsers: (userIds) => describeUsers(parts.services.db, userIds),
    auth: (request, asked) =>
      handleAuth({ ...services(), ...asked, identity: null }, signIn, request),
    audit: ({ identity, ...asked }, kind) =>
      // Whatever was said of somebody by `identify` is in the identity.
      recordAudit({ ...services(), ...asked, identity: identity as UserIdentity }, { kind }),
    quota: {
      filesBytes: env.FERMATA_FILES_QUOTA_BYTES,
      mediaBytes: env.FERMATA_MEDIA_QUOTA_BYTES,
    },
    owners: studioOwners(schema),
    routers: routes,
    openapi: studioTerms,
    app,
    crons: (crons) => studioCrons(crons, { notifier, services }),
    inngest: {
      client: createInngest({
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
      }),
      engine: runner ? "embedded" : "inngest",
      dashboard: runner ? null : findDashboard(env),
      includedExecutions: isBilled(env, runner) ? env.INNGEST_PLAN_EXECUTIONS : null,
    },
    ice: chooseIceProvider(env),
    notifier,
    ...(env.FERMATA_METRICS_TOKEN && { metricsToken: env.FERMATA_METRICS_TOKEN }),
    telemetry: isSent(env, "TRACES") || isSent(env, "METRICS"),
    rateLimits: env.FERMATA_RATE_LIMITS,
    maxBodyBytes: env.FERMATA_MAX_BODY_BYTES ?? (env.VERCEL ? vercelBodyBytes : null),
    ...(env.FERMATA_PASS_ON_BYTES !== undefined && { passOnBytes: env.FERMATA_PASS_ON_BYTES }),
    ...(env.FERMATA_PUBLIC_URL && { publicOrigin: env.FERMATA_PUBLIC_URL }),
    ...(env.FERMATA_FILES_ORIGIN && { filesOrigin: env.FERMATA_FILES_ORIGIN }),
    allowedOrigins: [...new Set([...env.FERMATA_ALLOWED_ORIGINS, ...mirrorOrigins(env, mirror)])],
    ...trustOf(env),
    roomsUrl: env.MIRROR_URL ?? mirror?.url ?? null,
    commandLine: "npm run fermata --",
    remedies: {
      database: "Start PostgreSQL, or mend DATABASE_URL.",
      migrations: "Run `npx prisma migrate deploy`, or restart the server.",
      store:
        "Run `npm run doctor`: the store of files does not take and give bytes. Is it full, read-only or away?",
      jobs: runner
        ? "Restart the server: the embedded runner does not run jobs."
        : "Run `npm run doctor`: Inngest does not know this app, or does not call it.",
    },
    ...(surroundings.workbenchEntry && { assets: { workbench: surroundings.workbenchEntry } }),
    ...(surroundings.keepAlive && { keepAlive: surroundings.keepAlive }),
    log,
  });
  const parts = partsOf(fermata);
  const sessions = env.DATABASE_DIRECT_URL
    ? openPool({ url: directUrl(env), log, maxConnections: 1 })
    : null;
  return {
    ...parts,
    fermata,
    services: services(),
    api: fermata.handler,
    sessions: sessions ?? parts.services.pool,
    async close() {
      await sessions?.end();
      await fermata.close();
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
  const telemetry = await startTelemetry(env);
  const log = createLog(env);
  const runner = isWithoutEngine(env)
    ? (await import("./self-hosted/own-runner")).openRunner(log)
    : null;
  const composition = compose(env, {
    log,
    embeddedDatabase: false,
    runner,
    keepAlive: waitUntilOnVercel,
    workbenchEntry: builtWorkbenchEntry(),
  });
  const { api, services, cronEngine } = composition;
  await telemetry?.send(services.metrics);
  if (env.FERMATA_ADMIN_PASSWORD) {
    const first = { email: env.FERMATA_ADMIN_EMAIL, password: env.FERMATA_ADMIN_PASSWORD };
    await ensureFirstAdmin(services, first).catch(async (error: unknown) => {
      await composition.close();
      throw error;
    });
  }
  // Nothing listens here that could tell Inngest of the jobs, and no request's own idea of our address is believed.
  if (env.FERMATA_PUBLIC_URL && (env.INNGEST_SIGNING_KEY || env.INNGEST_DEV))
    waitUntilOnVercel(cronEngine.introduce(new URL("/api/inngest", env.FERMATA_PUBLIC_URL)));
  // No request waits for it. Before any job runs: the outbox of a copied database must not be emptied.
  void lookAtStore(services)
    .catch((err: unknown) => {
      log.warn({ err }, "the store does not say whose it is; the next sweep looks again");
    })
    .then(async () => {
      if (!runner) return;
      const { sessions, schema } = composition;
      await runner.start({ handler: cronEngine.handler, pool: services.pool, sessions, schema });
      await cronEngine.start(new URL("/api/inngest", env.FERMATA_PUBLIC_URL ?? "http://127.0.0.1"));
    });
  return api;
}

/** Whether jobs are this process's own to run: no Inngest is named, and the process lasts. */
function isWithoutEngine(env: Env): boolean {
  const isNamed = env.INNGEST_SIGNING_KEY || env.INNGEST_BASE_URL || env.INNGEST_DEV;
  return env.NODE_ENV === "production" && !env.VERCEL && !isNamed;
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
  if (keyId && apiToken) return cloudflareTurn({ keyId, apiToken });
  const stunUrls = env.STUN_URLS;
  if (env.COTURN_URLS && env.COTURN_SECRET) {
    return coturn({
      secret: env.COTURN_SECRET,
      urls: env.COTURN_URLS,
      ...(stunUrls && { stunUrls }),
    });
  }
  const { TURN_URLS: urls, TURN_USERNAME: username, TURN_CREDENTIAL: credential } = env;
  if (urls && username && credential) {
    return staticTurn({ urls, username, credential, ...(stunUrls && { stunUrls }) });
  }
  return stunOnly(stunUrls ? { urls: stunUrls } : {});
}

function chooseNotifier(env: Env, clock: Services["clock"]) {
  const {
    LARK_WEBHOOK_URL: webhookUrl,
    LARK_WEBHOOK_SECRET: larkSecret,
    FERMATA_WEBHOOK_URL: url,
    FERMATA_WEBHOOK_SECRET: secret,
    SMTP_URL: smtpUrl,
    FERMATA_MAIL_FROM: from,
    FERMATA_MAIL_TO: to,
  } = env;
  return severalNotifiers([
    ...(webhookUrl
      ? [createLarkNotifier({ webhookUrl, clock, ...(larkSecret && { secret: larkSecret }) })]
      : []),
    ...(url ? [createWebhookNotifier({ url, clock, ...(secret && { secret }) })] : []),
    ...(smtpUrl && from && to ? [createSmtpNotifier({ url: smtpUrl, from, to })] : []),
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
