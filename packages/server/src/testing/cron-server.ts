import { randomBytes } from "node:crypto";
import { type CronRunner, createCronRunner } from "@fermata/embedded/cron-runner";
import type { Inngest } from "inngest";
import pg from "pg";
import { createInngestJobQueue } from "../adapters/job-queue/inngest";
import type { CronRegistry, Services } from "../context";
import { type CronEngine, createCronEngine } from "../crons/engine/cron-engine";
import { enginesStartedEvent } from "../crons/engine/cron-events";
import { createInngest } from "../crons/engine/inngest-client";

const signingKey = `signkey-embedded-${randomBytes(32).toString("hex")}`;

export interface CronServer {
  services: Services;
  inngest: Inngest;
  runner: CronRunner;
  handler: CronEngine["handler"];
  engine: CronEngine;
  stopping: AbortController;
  /** Starts the runner on connections of its own. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** One server process as the composition root makes it: services, Inngest client, embedded runner and handler. */
export function composeCronServer(base: Services, crons: CronRegistry): CronServer {
  const runner = createCronRunner({
    signingKey,
    log: base.log,
    electedEvent: enginesStartedEvent,
    retryDelaysMs: [50],
    now: () => base.clock.now(),
  });
  const inngest = createInngest({
    isDev: false,
    signingKey,
    eventKey: "embedded",
    baseUrl: "http://embedded.invalid",
    fetch: runner.fetch,
    log: base.log,
  });
  const services: Services = {
    ...base,
    crons,
    jobs: createInngestJobQueue({ inngest, engine: "embedded", clock: base.clock }),
  };
  const stopping = new AbortController();
  const engine = createCronEngine(services, { inngest, stopping: stopping.signal });
  const pool = new pg.Pool({ connectionString: base.pool.options.connectionString });
  pool.on("error", () => {});
  return {
    services,
    inngest,
    runner,
    handler: engine.handler,
    engine,
    stopping,
    async start() {
      await runner.start({ handler: engine.handler, pool });
      await engine.start(new URL("http://embedded.invalid/api/inngest"));
    },
    async stop() {
      await engine.stop();
      await runner.stop();
      if (!pool.ended) await pool.end();
    },
  };
}
