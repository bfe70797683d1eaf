import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CronJob, JobContext } from "../../context";
import type { Notification, Notifier } from "../../ports/notifier";
import { createTestServices, jobContext, type TestServices } from "../../testing/test-context";
import { markLostRuns } from "../ledger/mark-lost-runs";
import { purgeHistory } from "../ledger/purge-history";
import { nextSlot, slotAt } from "../next-slots";
import { cronJobs, type JobDefinition } from "../registry";
import { resumeCronJob } from "../verbs/resume-cron-job";
import { runJob } from "./run-job";

let services: TestServices;
const alerts: Notification[] = [];
const notifier: Notifier = {
  name: "test",
  notify: async (message) => {
    alerts.push(message);
  },
};

beforeAll(async () => {
  services = await createTestServices({ notifier });
});
afterAll(() => services.dispose());

let names = 0;

/** An hourly job of a name of its own. */
function hourly(run: JobDefinition["run"], options: Partial<JobDefinition> = {}): CronJob {
  const crons = cronJobs();
  crons.interval(`job ${++names}`, { hours: 1 }, { description: "", run, ...options });
  const [job] = crons.jobs;
  if (!job) throw new Error("no job");
  return job;
}

const HOUR_MS = 3_600_000;

/** The slot of this hour, or of hours before. */
function slot(hoursAgo = 0): Date {
  const now = services.clock.now().getTime();
  return new Date((Math.floor(now / HOUR_MS) - hoursAgo) * HOUR_MS);
}

const runsOf = (job: CronJob) =>
  services.db.cronRun.findMany({ where: { job: job.name }, orderBy: { slot: "asc" } });

test("records a success with its result, and runs a slot once", async () => {
  let calls = 0;
  const job = hourly(async () => ({ deleted: ++calls }));
  const outcomes = [
    await runJob(services, job, { slot: slot() }),
    await runJob(services, job, { slot: slot() }),
  ];
  expect(outcomes.map(({ status }) => status)).toEqual(["succeeded", "ignored"]);
  expect(await runsOf(job)).toMatchObject([
    { status: "succeeded", result: { deleted: 1 }, error: null, slot: slot(), trigger: "schedule" },
  ]);
});

test("of twenty claims of one slot at once, one runs and nothing else is recorded", async () => {
  let calls = 0;
  const job = hourly(async () => {
    calls++;
    await sleep(50);
  });
  await Promise.all(Array.from({ length: 20 }, () => runJob(services, job, { slot: slot() })));
  expect(calls).toBe(1);
  expect(await runsOf(job)).toMatchObject([{ status: "succeeded" }]);
});

test("a slot that comes while the job runs is recorded as skipped, and not made up for", async () => {
  let release = () => {};
  const job = hourly(() => new Promise<void>((resolve) => (release = resolve)));
  const first = runJob(services, job, { slot: slot() });
  await expect.poll(() => runsOf(job)).toHaveLength(1);
  services.clock.advance(3600);
  await services.db.cronRun.updateMany({
    where: { job: job.name },
    data: { leaseExpiresAt: new Date(services.clock.now().getTime() + 60_000) },
  });
  expect(await runJob(services, job, { slot: slot() })).toMatchObject({ status: "skipped" });
  release();
  expect(await first).toMatchObject({ status: "succeeded" });
  expect(await runJob(services, job, { slot: slot() })).toMatchObject({ status: "ignored" });
  expect(await runsOf(job)).toMatchObject([
    { status: "succeeded" },
    { status: "skipped", error: "The run before it had not ended." },
  ]);
});

test("after a downtime the newest slot runs late and the rest are skipped, in any order of delivery", async () => {
  let calls = 0;
  const job = hourly(async () => ++calls);
  for (const hoursAgo of [2, 0, 3, 1]) await runJob(services, job, { slot: slot(hoursAgo) });
  expect(calls).toBe(1);
  expect((await runsOf(job)).map(({ status }) => status)).toEqual([
    "skipped",
    "skipped",
    "skipped",
    "succeeded",
  ]);
});

test("slots that nothing delivered are recorded when the next one comes", async () => {
  const job = hourly(async () => null);
  await runJob(services, job, { slot: slot() });
  services.clock.advance(4 * 3600);
  await runJob(services, job, { slot: slot() });
  expect((await runsOf(job)).map(({ status }) => status)).toEqual([
    "succeeded",
    "skipped",
    "skipped",
    "skipped",
    "succeeded",
  ]);
});

/** A job of a few seconds, at the beginning of one of its slots. */
function everyFewSeconds(seconds: number) {
  const crons = cronJobs();
  const name = `every ${seconds} s ${++names}`;
  crons.interval(name, { seconds }, { description: "", run: async () => null });
  const [job] = crons.jobs;
  if (!job) throw new Error("no job");
  const intoSlot = (services.clock.now().getTime() / 1000) % seconds;
  services.clock.advance(seconds - intoSlot);
  const deliver = () => runJob(services, job, { slot: slotAt(job.schedule, services.clock.now()) });
  /** The slots of the ledger in seconds after the first, and how many of them ran. */
  const found = async () => {
    const rows = await runsOf(job);
    const first = rows[0]?.slot.getTime() ?? 0;
    return {
      slots: rows.map(({ slot }) => (slot.getTime() - first) / 1000),
      ran: rows.filter(({ status }) => status === "succeeded").length,
    };
  };
  return { crons, job, deliver, found };
}

test("what nothing delivered within seconds of the next slot is recorded a little later", async () => {
  const { deliver, found } = everyFewSeconds(1);
  for (const late of [0, 4, 4, 4]) {
    services.clock.advance(late);
    await deliver();
  }
  const { slots, ran } = await found();
  expect(slots.slice(0, 7)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(ran).toBe(4);
});

test("what came seconds before a downtime and was not delivered is recorded after it, too", async () => {
  const { job, deliver, found } = everyFewSeconds(2);
  await deliver();
  services.clock.advance(6);
  await deliver();
  // Nothing looks until all of it lies beyond the grace.
  services.clock.advance(60);
  await deliver();
  const { slots, ran } = await found();
  expect(slots.filter((at) => at <= 60)).toEqual(Array.from({ length: 31 }, (_, i) => i * 2));
  expect(ran).toBe(3);
  const skipped = (await runsOf(job)).filter(({ status }) => status === "skipped");
  expect(new Set(skipped.map(({ error }) => error)).size).toBe(1);
});

test("slots of a pause that ended seconds ago are nobody's", async () => {
  const { crons, job, deliver, found } = everyFewSeconds(2);
  await deliver();
  await services.db.cronJob.create({ data: { name: job.name, pausedAt: services.clock.now() } });
  services.clock.advance(20);
  await resumeCronJob({ ...services, crons }, { name: job.name });
  services.clock.advance(2);
  await deliver();
  services.clock.advance(8);
  await deliver();
  const { slots, ran } = await found();
  expect(slots.slice(0, 4)).toEqual([0, 20, 22, 24]);
  expect(ran).toBe(3);
});

test("a paused job neither runs nor records, and goes on when resumed", async () => {
  const job = hourly(async () => null);
  await services.db.cronJob.create({
    data: { name: job.name, pausedAt: services.clock.now() },
  });
  expect(await runJob(services, job, { slot: slot() })).toMatchObject({ status: "ignored" });
  expect(await runsOf(job)).toEqual([]);
  expect(await runJob(services, job, { manual: true })).toMatchObject({ status: "succeeded" });
  await services.db.cronJob.update({ where: { name: job.name }, data: { pausedAt: null } });
  expect(await runJob(services, job, { slot: slot() })).toMatchObject({ status: "succeeded" });
});

test("a run whose worker died is lost once its lease is over, and the next slot runs", async () => {
  const job = hourly(async () => null);
  const dead = { job: job.name, slot: slot(), startedAt: slot(), trigger: "schedule" } as const;
  const leaseExpiresAt = new Date(services.clock.now().getTime() + 60_000);
  await services.db.cronRun.create({
    data: { id: `dead ${job.name}`, status: "running", leaseExpiresAt, ...dead },
  });
  expect(await runJob(services, job, { manual: true })).toMatchObject({ status: "skipped" });
  services.clock.advance(3600);
  expect(await runJob(services, job, { slot: slot() })).toMatchObject({ status: "succeeded" });
  const rows = await runsOf(job);
  expect(rows.filter(({ trigger }) => trigger === "schedule")).toMatchObject([
    { status: "lost", error: expect.stringContaining("lease") },
    { status: "succeeded" },
  ]);
});

test("a run that the ledger gave up cannot overwrite that", async () => {
  let release = () => {};
  const job = hourly(() => new Promise<void>((resolve) => (release = resolve)));
  const run = runJob(services, job, { slot: slot() });
  await expect.poll(() => runsOf(job)).toHaveLength(1);
  await services.db.cronRun.updateMany({ where: { job: job.name }, data: { status: "lost" } });
  release();
  await run;
  expect(await runsOf(job)).toMatchObject([{ status: "lost" }]);
});

test("a job that throws fails with its message, whatever it throws", async () => {
  const messages = [new Error("no disk\0 left \ud800"), "plain text", undefined];
  const errors = [];
  for (const thrown of messages) {
    const job = hourly(async () => {
      throw thrown;
    });
    await runJob(services, job, { slot: slot() });
    const [row] = await runsOf(job);
    expect(row?.status).toBe("failed");
    errors.push(row?.error);
  }
  expect(errors).toEqual(["no disk\ufffd left \ufffd", "plain text", "undefined"]);
});

test("a job that hangs fails when its time is up, and its signal says so", async () => {
  let signal: AbortSignal | undefined;
  const hang = (ctx: JobContext) => {
    signal = ctx.signal;
    return new Promise<never>(() => {});
  };
  const job = hourly(hang, { timeoutSeconds: 0.05 });
  expect(await runJob(services, job, { slot: slot() })).toMatchObject({ status: "failed" });
  expect(signal?.aborted).toBe(true);
  expect(await runsOf(job)).toMatchObject([
    { status: "failed", error: "Stopped after 0.05 s: its time was up." },
  ]);
});

test("a run ends as failed when the server stops", async () => {
  const stopping = new AbortController();
  const job = hourly(() => new Promise<never>(() => {}));
  const run = runJob(services, job, { slot: slot() }, { stopping: stopping.signal });
  await expect.poll(() => runsOf(job)).toHaveLength(1);
  stopping.abort();
  await run;
  expect(await runsOf(job)).toMatchObject([{ status: "failed", error: "The server stopped." }]);
});

test("results are kept up to 64 KiB, and in a form that PostgreSQL takes", async () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const results = [
    { log: "x".repeat(10_000_000) },
    { text: "a\0b\ud800 \\u0000", bytes: 12n, none: undefined },
    circular,
    undefined,
  ];
  const kept = [];
  for (const result of results) {
    const job = hourly(async () => result);
    await runJob(services, job, { slot: slot() });
    const [row] = await runsOf(job);
    expect(row?.status).toBe("succeeded");
    kept.push(row?.result);
  }
  expect(kept).toEqual([
    { truncated: true, sizeBytes: 10_000_010, preview: expect.stringMatching(/^{"log":"x{992}$/) },
    { text: "a\ufffdb\ufffd \\u0000", bytes: "12" },
    { unreadable: true, reason: expect.stringContaining("circular") },
    null,
  ]);
});

test("of 10 MB of log the newest lines stay, at most 200 and 64 KiB, also when the job fails", async () => {
  const many = hourly(async ({ log }) => {
    for (let i = 0; i < 10_000; i++) log.info({ i }, "y".repeat(1000));
    throw new Error("at the end");
  });
  const short = hourly(async ({ log }) => {
    for (let i = 0; i < 1000; i++) log.debug({}, `line ${i}\0\ud800`);
  });
  const logOf = async (job: CronJob) => {
    await runJob(services, job, { slot: slot() });
    const [row] = await runsOf(job);
    return row?.log as { lines: { message: string; details: string | null }[]; dropped: number };
  };
  const long = await logOf(many);
  const bytes = long.lines.reduce(
    (sum, { message, details }) => sum + `${message}${details}`.length,
    0,
  );
  expect(bytes).toBeLessThanOrEqual(64 * 1024);
  expect(bytes).toBeGreaterThan(60 * 1024);
  expect(long.lines.at(-1)?.details).toBe('{"i":9999}');
  expect(long.dropped + long.lines.length).toBe(10_000);

  const { lines, dropped } = await logOf(short);
  expect([lines.length, dropped]).toEqual([200, 800]);
  expect(lines[0]?.message).toBe("line 800\ufffd\ufffd");
});

/** Runs a job at its next slots, which it does well at (true) or fails at. */
async function runInTurn(job: (run: JobDefinition["run"]) => CronJob, turns: boolean[]) {
  const declared = job(async () => {
    if (!turns.shift()) throw new Error("still broken");
  });
  alerts.length = 0;
  while (turns.length > 0) {
    const next = nextSlot(declared.schedule, services.clock.now());
    services.clock.advance((next.getTime() - services.clock.now().getTime()) / 1000);
    await runJob(services, declared, { slot: next });
  }
  return declared;
}

test("the third failure in a row is told to the notifier, and that it works again; the others are not", async () => {
  const turns = [false, false, true, false, false, false, false, false, true, true, false];
  const job = await runInTurn(hourly, turns);
  expect(alerts).toMatchObject([
    { kind: "job.failing", title: `"${job.name}" failed 3 times in a row`, text: "still broken" },
    { kind: "job.recovered", title: `"${job.name}" works again` },
  ]);
});

test("of a daily job the first failure is told: nobody waits three days", async () => {
  const daily = (run: JobDefinition["run"]) => {
    const crons = cronJobs();
    crons.daily(`job ${++names}`, { hourUTC: 3 }, { description: "", run });
    return crons.jobs[0] as CronJob;
  };
  const job = await runInTurn(daily, [true, false, false, true, true]);
  expect(alerts).toMatchObject([
    { title: `"${job.name}" failed`, text: "still broken" },
    { title: `"${job.name}" works again` },
  ]);
});

test("a run that was lost counts among the failures, and the alert leads to the job's page", async () => {
  const job = hourly(async () => {});
  const at = { ...services, config: { ...services.config, publicOrigin: "https://studio.test" } };
  alerts.length = 0;
  for (let i = 0; i < 3; i++) {
    services.clock.advance(3600);
    const now = services.clock.now();
    await services.db.cronRun.create({
      data: {
        id: `${job.name} ${i}`,
        job: job.name,
        slot: slot(),
        trigger: "schedule",
        status: "running",
        startedAt: now,
        leaseExpiresAt: new Date(now.getTime() - 1000),
      },
    });
    await markLostRuns({ ...at, crons: { jobs: [job], queued: [], find: () => job } }, job.name);
  }
  expect(alerts).toMatchObject([
    {
      title: `"${job.name}" failed 3 times in a row`,
      text: expect.stringContaining("no sign of life"),
      url: `https://studio.test/crons/${job.name.replace(" ", "%20")}`,
    },
  ]);
});

test("a job's context has no identity at run time either", async () => {
  let keys: string[] = [];
  const job = hourly(async (ctx) => {
    keys = Object.keys(ctx);
  });
  await runJob(services, job, { slot: slot() });
  expect(keys).toContain("signal");
  expect(keys).not.toContain("identity");
});

test("the history keeps the newest 500 runs of each job, and whatever runs", async () => {
  const job = hourly(async () => null);
  const now = services.clock.now();
  const rows = Array.from({ length: 620 }, (_, i) => ({
    id: `${job.name} ${i}`,
    job: job.name,
    slot: new Date(now.getTime() - i * HOUR_MS),
    trigger: "schedule" as const,
    status: i === 619 ? ("running" as const) : ("succeeded" as const),
    startedAt: now,
    leaseExpiresAt: new Date(now.getTime() + 60_000),
  }));
  await services.db.cronRun.createMany({ data: rows });
  const ctx = jobContext(services, "purge");
  expect(await purgeHistory(ctx)).toMatchObject({ deleted: 119 });
  const kept = await runsOf(job);
  expect(kept).toHaveLength(501);
  expect(kept[0]?.status).toBe("running");
  expect(await purgeHistory(ctx)).toMatchObject({ deleted: 0 });
});
