import { createServer } from "node:http";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createCronRunner } from "@fermata/embedded/cron-runner";
import { applyMigrations } from "@fermata/migrations";
import { enginesStartedEvent, lookAtStore, startWatch } from "@fermata/server/internal";
import { leaveBoundsToRoutes, nodeListener, refuseUpgrade } from "@fermata/server/node";
import next from "next";
import { hostApi } from "./src/api-slot";
import { processEnv } from "./src/env";
import { createLog } from "./src/log";
import { misspeltNames } from "./src/misspelt-names";
import { provideDefaults } from "./src/self-hosted/embedded-defaults";
import { explainDatabase, explainFailedStart } from "./src/self-hosted/explain-failed-start";
import { findPort, listen } from "./src/self-hosted/listen";
import { printWelcome } from "./src/self-hosted/print-welcome";
import { quietly } from "./src/self-hosted/quietly";
import { serveDocs } from "./src/self-hosted/serve-docs";
import { serveMirror } from "./src/self-hosted/serve-mirror";
import { servePacked } from "./src/self-hosted/serve-packed";
import { closeGracefully } from "./src/self-hosted/shutdown";
import { type Composition, compose, directUrl } from "./src/server";
import { ensureFirstAdmin } from "./src/studio/auth/ensure-first-admin";
import type { RequestContext } from "./src/studio/context";
import { startTelemetry } from "./src/telemetry/start-telemetry";

/** Everything that was started must be down within this time of a signal: Docker kills after ten seconds. */
const shutdownMs = 8_500;

// This file runs as it is in development and from dist/ when built.
const here = dirname(fileURLToPath(import.meta.url));
const webDir = here.endsWith("dist") ? dirname(here) : here;
const migrationsDir = resolve(webDir, "../../prisma/migrations");

/** The self-hosted server: the API answers in this process ahead of Next, which serves the pages. */
async function serve(undo: (() => Promise<unknown>)[]): Promise<void> {
  // What is stored here is nobody else's to read.
  process.umask(0o077);
  const source = processEnv();
  const startedAt = Number(source.FERMATA_STARTED_AT ?? Date.now() - process.uptime() * 1000);
  const defaults = await provideDefaults(source, () => {});
  const { env, postgres, runnerSigningKey } = defaults;
  const log = createLog(env);
  for (const { name, meant } of misspeltNames(source)) {
    log.warn({ name }, `${name} is read by nobody. ${meant} is meant?`);
  }

  const telemetry = await startTelemetry(env);
  if (telemetry) undo.push(() => telemetry.stop());
  if (postgres) {
    abandonDatabase = postgres.abandon;
    undo.push(() => postgres.stopIfUnused());
    undo.push(
      postgres.keepAlive({
        onDeath: () => log.error({}, "PostgreSQL died, and is started again"),
        onFailure: (err) => log.error({ err }, "PostgreSQL does not start"),
      }),
    );
  }

  await applyMigrations({
    url: directUrl(env),
    migrationsDir,
    onWarning: (message) => log.warn({}, message),
  }).catch((error: unknown) => {
    throw explainDatabase(
      error,
      directUrl(env),
      env.DATABASE_DIRECT_URL ? "DATABASE_DIRECT_URL" : "DATABASE_URL",
    );
  });
  const runner = runnerSigningKey
    ? createCronRunner({
        signingKey: runnerSigningKey,
        log,
        electedEvent: enginesStartedEvent,
        // By which slots and jobs are dated.
        now: () => composition.clock.now(),
      })
    : null;
  const apiPort = await findPort(env.PORT, env.HOST);
  const publicHost = urlHost(env.HOST);
  const publicUrl = env.FERMATA_PUBLIC_URL ?? `http://${publicHost}:${apiPort}`;
  // `npm start` asks for it. Whoever starts servers on ports of their own choice may want the next one for another server.
  const mirror = process.argv.includes("--mirror")
    ? await serveMirror({
        dir: resolve(webDir, "../mirror"),
        host: env.HOST,
        port: env.PORT === 0 ? 0 : apiPort + 1,
        apiOrigin: (hostname) => env.FERMATA_PUBLIC_URL ?? `http://${hostname}:${apiPort}`,
      })
    : null;
  if (mirror) undo.push(mirror.close);
  const composition = compose(env, {
    log,
    mirror: mirror && whereMirrorIs(mirror.port, { publicUrl, host: publicHost }),
    embeddedDatabase: postgres !== null,
    runner:
      runner && runnerSigningKey ? { signingKey: runnerSigningKey, fetch: runner.fetch } : null,
  });
  undo.push(() => composition.close());
  const { services } = composition;
  await telemetry?.send(services.metrics);
  await composition.clock.compare();
  // Before any job runs: the outbox of a copied database must not be emptied.
  await lookAtStore(services).catch((err: unknown) => {
    log.warn({ err }, "the store does not say whose it is; the next sweep looks again");
  });
  if (runner) {
    await runner.start({
      handler: composition.cronEngine.handler,
      pool: services.pool,
      sessions: composition.sessions,
      schema: composition.schema,
    });
    undo.push(() => runner.stop());
  }
  undo.push(() => composition.stopJobs());
  const admin = await ensureFirstAdmin(services, {
    email: env.FERMATA_ADMIN_EMAIL,
    ...(env.FERMATA_ADMIN_PASSWORD && { password: env.FERMATA_ADMIN_PASSWORD }),
  });

  hostApi(composition.api);
  const pages = next({ dev: env.NODE_ENV === "development", dir: webDir, customServer: true });
  await quietly(() => pages.prepare());
  const answerPage = pages.getRequestHandler();
  const answerDocs = process.argv.includes("--docs") ? serveDocs(resolve(webDir, "../docs")) : null;
  const answerPacked = servePacked(resolve(webDir, ".next/static"));
  const listener = nodeListener(composition.fermata, {
    pages: (request, response) =>
      void (
        answerDocs?.(request, response) ||
        answerPacked(request, response) ||
        answerPage(request, response)
      ),
  });
  const server = createServer(listener);
  leaveBoundsToRoutes(server);
  // Next's development server tells its pages of changes by a socket.
  const isDevelopment = env.NODE_ENV === "development";
  server.on("upgrade", isDevelopment ? pages.getUpgradeHandler() : refuseUpgrade);
  undo.push(closeGracefully(server));

  const port = await listen(server, apiPort, env.HOST);
  const { cronEngine } = composition;
  undo.push(() => cronEngine.stop());
  const ownUrl = `http://${publicHost}:${port}`;
  const watch = startWatch(services);
  undo.push(async () => watch.stop());
  await cronEngine.start(new URL("/api/inngest", env.FERMATA_PUBLIC_URL ?? ownUrl));
  if (process.argv.includes("--demo")) await showDemo(composition, ownUrl);
  printWelcome({
    url: publicUrl,
    mirror:
      services.config.mirrorUrl ??
      (mirror && `port ${mirror.port}; set MIRROR_URL to where browsers find it`),
    takenPort: env.PORT !== 0 && port !== env.PORT ? env.PORT : null,
    admin,
    dataDir: defaults.dataDir,
    databaseDir: postgres?.isElsewhere ? postgres.dataDir : null,
    database: postgres ? "embedded PostgreSQL" : "your PostgreSQL",
    objectStore: services.config.objectStore === "disk" ? "files on disk" : "files in S3",
    cronEngine:
      services.jobs.engine === "embedded"
        ? "embedded cron runner"
        : `Inngest, as ${env.INNGEST_APP_ID}`,
    iceProvider: services.ice.name === "stun-only" ? "STUN only" : `TURN by ${services.ice.name}`,
    readiness: await composition.readiness(),
    startedInMs: Date.now() - startedAt,
  });
}

/** A start must not fail for something to look at. */
async function showDemo({ services }: Composition, url: string): Promise<void> {
  const { fillDemo } = await import("./src/self-hosted/demo/fill-demo");
  const ctx = { ...services, origin: url } as RequestContext;
  await fillDemo({ ctx, url, dir: resolve(webDir, "demo") }).catch((err: unknown) => {
    services.log.error({ err }, "the demo could not be put there");
  });
}

/** Under the host names that lead to this machine. Behind a proxy only MIRROR_URL says where browsers find it. */
function whereMirrorIs(port: number, { publicUrl, host }: { publicUrl: string; host: string }) {
  const loopback = ["127.0.0.1", "localhost", "[::1]"];
  const { hostname } = new URL(publicUrl);
  const origins = [...new Set([host, hostname, ...loopback])].map(
    (name) => `http://${name}:${port}`,
  );
  const isHere = hostname === host || loopback.includes(hostname);
  return { url: isHere ? `http://${host}:${port}/` : null, origins };
}

/** An address to click on, where the server listens on all of them. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

/** Tells an embedded database to end where there is no time to wait for it. */
let abandonDatabase = (): number | null => null;

/** Undoes the start, what was started last first, within the time that a stop may take. */
function stopper(undo: (() => Promise<unknown>)[]): (exitCode: number) => Promise<void> {
  let stopping = false;
  return async (exitCode) => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => {
      const left = abandonDatabase();
      const ofDatabase = left
        ? ` PostgreSQL (process ${left}) was told to end as soon as it can.`
        : "";
      process.stderr.write(
        `\nNot down after ${shutdownMs / 1000} seconds: ended by force.${ofDatabase}\n`,
      );
      process.exit(1);
    }, shutdownMs).unref();
    for (const step of undo.reverse()) {
      // One step that fails must not keep the rest running.
      await step().catch((error: unknown) => {
        process.stderr.write(
          `\nNot everything stopped as it should: ${explainFailedStart(error)}\n`,
        );
      });
    }
    process.exit(exitCode);
  };
}

/** The studio, or the console on another app's data. */
async function start(undo: (() => Promise<unknown>)[]): Promise<void> {
  const source = processEnv();
  if (!["1", "true"].includes(source.FERMATA_CONSOLE ?? "")) return serve(undo);
  const { startConsole } = await import("./src/console/start-console");
  return startConsole(source, undo);
}

const undo: (() => Promise<unknown>)[] = [];
const stop = stopper(undo);
process.on("SIGINT", () => stop(0));
process.on("SIGTERM", () => stop(0));

start(undo).catch((error: unknown) => {
  process.stderr.write(`\n${explainFailedStart(error)}\n\n`);
  return stop(1);
});
