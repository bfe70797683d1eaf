// For an app's own tests: `@fermata/server/testing`. Nothing here needs a test runner.
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Services } from "./context";
import { runJob as runCron } from "./crons/engine/run-job";
import { runQueuedJob } from "./crons/queue/run-queued-job";
import { partsOf } from "./door/server-parts";
import type { StoreFactory } from "./door/store-factory";
import type { Clock } from "./ports/clock";
import { diskStore } from "./stores";

/** A clock that a test moves: give it to `createFermataServer` as `clock`. */
export interface TestClock extends Clock {
  /** Forward by so many seconds. */
  advance(seconds: number): void;
}

export function testClock(): TestClock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    advance(seconds) {
      aheadMs += seconds * 1000;
    },
  };
}

/** A store in a directory that is removed with `dispose`. */
export function temporaryStore(): StoreFactory & { dispose(): Promise<void> } {
  const directory = mkdtempSync(join(tmpdir(), "fermata-store-"));
  return Object.assign(diskStore({ directory }), {
    dispose: () => rm(directory, { recursive: true, force: true }),
  });
}

export type JobResult =
  | { status: "succeeded" }
  | { status: "failed"; error: string }
  | { status: "suspended" | "skipped" | "ignored" };

/**
 * Runs a job now, in this process and without Inngest, with all that is written down of a run: `purge unattached files`, or
 * one of the app's. Of a job without a schedule, whatever was asked for and is due runs.
 * @returns one result a run
 */
export async function runJob(fermata: object, name: string): Promise<JobResult[]> {
  const services = partsOf(fermata).services;
  const job = services.crons.find(name);
  if (job) return [resultOf(await runCron(services, job, { manual: true }))];
  return runDue(services, name);
}

async function runDue(services: Services, name: string): Promise<JobResult[]> {
  const job = services.crons.queued.find((one) => one.name === name);
  if (!job) {
    const names = [...services.crons.jobs, ...services.crons.queued].map((one) => one.name);
    throw new Error(`There is no job "${name}". There are: ${names.join(", ")}.`);
  }
  const due = await services.db.queuedJob.findMany({
    where: { job: name, status: "queued", runAt: { lte: services.clock.now() } },
    orderBy: { runAt: "asc" },
    select: { id: true },
  });
  const results: JobResult[] = [];
  for (const { id: jobId } of due) {
    const call = { jobId, engineRunId: `test:${jobId}`, isLastAttempt: true };
    results.push(resultOf(await runQueuedJob(services, job, call, undefined)));
  }
  return results;
}

function resultOf(outcome: { status: string; error?: string }): JobResult {
  const { status, error } = outcome;
  return (status === "failed" ? { status, error: error ?? "" } : { status }) as JobResult;
}
