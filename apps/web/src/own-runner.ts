import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createCronRunner } from "@fermata/embedded/cron-runner";
import type { Logger } from "@fermata/server";
import { enginesStartedEvent } from "@fermata/server/internal";
import type { Env } from "./env";
import type { Composition } from "./server";

const TRY_AGAIN_MS = 10_000;

/** Whether jobs are this process's own to run where nobody started it but Next: no Inngest is named, and the process lasts. */
export function isWithoutEngine(env: Env): boolean {
  const isNamed = env.INNGEST_SIGNING_KEY || env.INNGEST_BASE_URL || env.INNGEST_DEV;
  return env.NODE_ENV === "production" && !env.VERCEL && !isNamed;
}

/** The runner of such a process. Its calls never leave the process, so that their key need not outlive it. */
export function openRunner(log: Logger) {
  const signingKey = `signkey-embedded-${randomBytes(32).toString("hex")}`;
  const runner = createCronRunner({ signingKey, log, electedEvent: enginesStartedEvent });
  return {
    signingKey,
    fetch: runner.fetch,
    /** Resolves once jobs run. What is asked for before is kept in the database, and answered. */
    async start({ cronEngine, services, sessions, schema }: Composition): Promise<void> {
      const engine = { handler: cronEngine.handler, pool: services.pool, sessions, schema };
      for (;;) {
        try {
          await runner.start(engine);
          return await cronEngine.start(new URL("http://127.0.0.1/api/inngest"));
        } catch (err) {
          log.error({ err }, "no job runs: the runner could not be started, and tries again");
          await sleep(TRY_AGAIN_MS, undefined, { ref: false });
        }
      }
    },
  };
}
