import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type CronRunner, createCronRunner } from "@fermata/embedded/cron-runner";
import type { Logger } from "@fermata/server";
import { enginesStartedEvent } from "@fermata/server/internal";

const TRY_AGAIN_MS = 10_000;

/** The runner of a process that nobody started but Next. Its calls never leave the process, so that their key need not outlive it. */
export function openRunner(log: Logger) {
  const signingKey = `signkey-embedded-${randomBytes(32).toString("hex")}`;
  const runner = createCronRunner({ signingKey, log, electedEvent: enginesStartedEvent });
  return {
    signingKey,
    fetch: runner.fetch,
    /** Resolves once jobs run. What is asked for before is kept in the database, and answered. */
    async start(engine: Parameters<CronRunner["start"]>[0]): Promise<void> {
      for (;;) {
        try {
          return await runner.start(engine);
        } catch (err) {
          log.error({ err }, "no job runs: the runner could not be started, and tries again");
          await sleep(TRY_AGAIN_MS, undefined, { ref: false });
        }
      }
    },
  };
}
