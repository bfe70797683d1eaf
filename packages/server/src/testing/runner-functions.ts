import { randomBytes } from "node:crypto";
import { type CronRunner, createCronRunner } from "@fermata/embedded/cron-runner";
import type { Inngest, InngestFunction } from "inngest";
import { serve } from "inngest/edge";
import type { Pool } from "pg";
import { createInngest } from "../crons/engine/inngest-client";
import { silentLog } from "./silent-log";

const signingKey = `signkey-embedded-${randomBytes(32).toString("hex")}`;

export interface RunnerFunctions {
  inngest: Inngest;
  runner: CronRunner;
  pool: Pool;
  /** What the runner warned of. */
  warnings: string[];
}

/** Runs functions of the real SDK on the embedded runner. */
export async function startRunnerFunctions(
  pool: Pool,
  declare: (inngest: Inngest) => InngestFunction.Any[],
): Promise<RunnerFunctions> {
  const warnings: string[] = [];
  const log = { ...silentLog, warn: (_facts: object, message: string) => warnings.push(message) };
  const runner = createCronRunner({ signingKey, log, retryDelaysMs: [10] });
  const inngest = createInngest({
    isDev: false,
    signingKey,
    eventKey: "embedded",
    baseUrl: "http://embedded.invalid",
    fetch: runner.fetch,
    log: silentLog,
  });
  const handler = serve({ client: inngest, functions: declare(inngest) });
  await runner.start({ handler, pool });
  return { inngest, runner, pool, warnings };
}
