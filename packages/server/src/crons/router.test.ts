import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { JobContext } from "../context";
import { fromPg } from "../ground/transaction";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../testing/test-context";
import { recordCalls, recordRegistration } from "./engine/engine-record";
import { runJob } from "./engine/run-job";
import { enqueueJob } from "./queue/enqueue-job";
import { cronJobs, type JobDefinition } from "./registry";

let services: TestServices;
let requested: { slug: string; runId: string }[] = [];
let engineIsAway = false;
let admin: Awaited<ReturnType<typeof callerFor>>["crons"];

beforeAll(async () => {
  const crons = cronJobs();
  const job = { description: "Counts.", run: async () => ({ counted: 1 }) };
  crons.interval("purge expired signaling", { hours: 1 }, job);
  crons.cron("digest", "0 16 * * *", { ...job, disabledReason: () => "Set LARK_WEBHOOK_URL." });
  crons.onDemand("send invoice", { description: "Sends one.", retries: 2, run: async () => 1 });
  services = await createTestServices({
    crons,
    jobs: {
      engine: "embedded",
      appId: "fermata",
      includedExecutions: null,
      dashboardUrl: null,
      runCron: async (request) => {
        if (engineIsAway) throw new Error("connect ECONNREFUSED 10.0.0.1");
        requested.push(request);
      },
      processMedia: async () => {},
      runSlots: async () => {},
      hint: () => {},
      hintQueued: () => {},
      resumeRun: async () => {},
      runQueued: async () => {},
      sendEvent: async () => {},
      onHint: () => {},
      runUrl: (id) => `https://engine.test/runs/${id}`,
    },
  });
  admin = (await callerFor(services, await createTestUser(services, "admin"))).crons;
});
afterAll(() => services.dispose());
beforeEach(async () => {
  requested = [];
  engineIsAway = false;
  await services.db.cronRun.deleteMany();
  await services.db.cronJob.deleteMany();
  await services.db.queuedJob.deleteMany();
});

const name = "purge expired signaling";
const refusal = (code: string) =>
  expect.objectContaining({ cause: expect.objectContaining({ code }) });

test("only admins see and steer jobs", async () => {
  const nobody = (await callerFor(services, null)).crons;
  const member = (await callerFor(services, await createTestUser(services))).crons;
  for (const [caller, code] of [
    [nobody, "UNAUTHENTICATED"],
    [member, "FORBIDDEN"],
  ] as const) {
    await expect(caller.engine()).rejects.toEqual(refusal(code));
    await expect(caller.week()).rejects.toEqual(refusal(code));
    await expect(caller.list()).rejects.toEqual(refusal(code));
    await expect(caller.runs({ name })).rejects.toEqual(refusal(code));
    await expect(caller.run({ runId: "r" })).rejects.toEqual(refusal(code));
    await expect(caller.trigger({ name })).rejects.toEqual(refusal(code));
    await expect(caller.pause({ name })).rejects.toEqual(refusal(code));
    await expect(caller.resume({ name })).rejects.toEqual(refusal(code));
    await expect(caller.queue({})).rejects.toEqual(refusal(code));
    await expect(caller.queuedJob({ jobId: "j" })).rejects.toEqual(refusal(code));
    await expect(caller.cancel({ jobId: "j" })).rejects.toEqual(refusal(code));
  }
});

test("an unknown job is not found", async () => {
  for (const call of [admin.runs, admin.trigger, admin.pause, admin.resume])
    await expect(call({ name: "no such job" })).rejects.toEqual(refusal("NOT_FOUND"));
});

test("lists every job with its schedule, its next run and its last one", async () => {
  const job = services.crons.find(name);
  if (!job) throw new Error("no job");
  const hour = Math.floor(services.clock.now().getTime() / 3_600_000);
  await runJob(services, job, { slot: new Date(hour * 3_600_000) });
  const { items } = await admin.list();
  expect(items).toMatchObject([
    {
      name,
      schedule: "every 1 hour",
      scheduleText: "Every hour, on the hour",
      nextRunAt: new Date((hour + 1) * 3_600_000).toISOString(),
      nextSlots: [1, 2, 3, 4, 5].map((i) => new Date((hour + i) * 3_600_000).toISOString()),
      retries: 0,
      timeoutSeconds: 280,
      paused: false,
      disabledReason: null,
      lastRun: { status: "succeeded", result: { counted: 1 }, trigger: "schedule" },
      recentRuns: [{ status: "succeeded", durationMs: expect.any(Number) }],
    },
    {
      name: "digest",
      schedule: "0 16 * * *",
      scheduleText: "At 16:00, every day (UTC)",
      nextRunAt: null,
      nextSlots: [],
      disabledReason: "Set LARK_WEBHOOK_URL.",
      lastRun: null,
      recentRuns: [],
    },
  ]);
});

test("pages through the runs, newest slot first", async () => {
  const now = services.clock.now();
  await services.db.cronRun.createMany({
    data: Array.from({ length: 5 }, (_, i) => ({
      id: `run ${i}`,
      job: name,
      slot: new Date(now.getTime() - i * 1000),
      trigger: "schedule" as const,
      status: "succeeded" as const,
      startedAt: now,
      finishedAt: now,
      leaseExpiresAt: now,
    })),
  });
  const first = await admin.runs({ name, limit: 3 });
  const second = await admin.runs({ name, limit: 3, cursor: first.nextCursor });
  const ids = [...first.items, ...second.items].map(({ runId }) => runId);
  expect(ids).toEqual(["run 0", "run 1", "run 2", "run 3", "run 4"]);
  expect(second.nextCursor).toBeNull();
  await expect(admin.runs({ name, cursor: "nonsense" })).rejects.toEqual(refusal("INVALID_INPUT"));
});

test("a run by hand stands in the ledger at once, and is handed to the engine", async () => {
  const { runId } = await admin.trigger({ name });
  expect(requested).toEqual([{ slug: "purge-expired-signaling", runId }]);
  const { items } = await admin.runs({ name });
  expect(items).toMatchObject([{ runId, status: "running", trigger: "manual", finishedAt: null }]);

  await expect(admin.trigger({ name })).rejects.toEqual(refusal("CONFLICT"));
  const job = services.crons.find(name);
  if (!job) throw new Error("no job");
  const deliveries = await Promise.all([1, 2, 3].map(() => runJob(services, job, { runId })));
  expect(deliveries.map(({ status }) => status).sort()).toEqual([
    "ignored",
    "ignored",
    "succeeded",
  ]);
  expect((await admin.runs({ name })).items).toMatchObject([{ runId, status: "succeeded" }]);
});

test("a run that no engine takes up is told as lost, and does not block the next one", async () => {
  const { runId } = await admin.trigger({ name });
  services.clock.advance(600);
  expect((await admin.runs({ name })).items).toMatchObject([{ runId, status: "lost" }]);
  expect((await admin.list()).items[0]?.lastRun).toMatchObject({ status: "lost" });
  await expect(admin.trigger({ name })).resolves.toMatchObject({ runId: expect.any(String) });
});

test("a disabled job is not run, and says why", async () => {
  await expect(admin.trigger({ name: "digest" })).rejects.toEqual(
    expect.objectContaining({
      cause: expect.objectContaining({
        code: "CONFLICT",
        details: { disabledReason: "Set LARK_WEBHOOK_URL." },
      }),
    }),
  );
});

test("an engine that is away fails the run, and its address stays inside", async () => {
  engineIsAway = true;
  await expect(admin.trigger({ name })).rejects.toEqual(refusal("UPSTREAM_UNAVAILABLE"));
  expect((await admin.runs({ name })).items).toMatchObject([
    { status: "failed", error: "The engine could not be reached." },
  ]);
});

test("where Inngest takes no run, whoever asked is told what to look at", async () => {
  engineIsAway = true;
  const onInngest = { ...services, jobs: { ...services.jobs, engine: "inngest" as const } };
  const caller = await callerFor(onInngest, await createTestUser(services, "admin"));
  const asked = caller.crons.trigger({ name });
  await expect(asked).rejects.toThrow(/INNGEST_EVENT_KEY.*INNGEST_DEV=1/);
});

test("a paused job has no next run until it is resumed", async () => {
  expect(await admin.pause({ name })).toEqual({ paused: true });
  expect(await admin.pause({ name })).toEqual({ paused: true });
  expect((await admin.list()).items[0]).toMatchObject({ paused: true, nextRunAt: null });
  expect(await admin.resume({ name })).toEqual({ paused: false });
  expect(await admin.resume({ name })).toEqual({ paused: false });
  const [job] = (await admin.list()).items;
  expect(job).toMatchObject({ paused: false, nextRunAt: expect.any(String) });
});

test("the last slot of a pause is recorded, so that it is not made up for", async () => {
  await admin.pause({ name });
  services.clock.advance(3 * 3600);
  await admin.resume({ name });
  expect((await admin.runs({ name })).items).toMatchObject([
    { status: "skipped", error: "The job was paused." },
  ]);
});

test("shows a run with what its job logged, and where the engine shows it", async () => {
  const crons = cronJobs();
  const run: JobDefinition["run"] = async ({ log }) => {
    log.info({}, "begun");
    log.child({ table: "File" }).warn({ rows: 12n, err: new TypeError("odd") }, "half done");
    return { deleted: 12 };
  };
  crons.daily("telling", {}, { description: "", run });
  const [job] = crons.jobs;
  if (!job) throw new Error("no job");
  const outcome = await runJob(
    services,
    job,
    { slot: services.clock.now() },
    { engine: { runId: "01J", eventId: "e" } },
  );
  if (!("runId" in outcome)) throw new Error(outcome.reason);
  expect(await admin.run({ runId: outcome.runId })).toMatchObject({
    name: "telling",
    status: "succeeded",
    result: { deleted: 12 },
    log: [
      { level: "info", message: "begun", details: null, at: expect.any(String) },
      {
        level: "warn",
        message: "half done",
        details: '{"table":"File","rows":"12","err":"TypeError: odd"}',
      },
    ],
    droppedLogLines: 0,
    engineUrl: "https://engine.test/runs/01J",
  });
  await expect(admin.run({ runId: "unknown" })).rejects.toEqual(refusal("NOT_FOUND"));
});

test("a run that logged nothing has an empty log, and none at the engine without its id", async () => {
  const { runId } = await admin.trigger({ name });
  expect(await admin.run({ runId })).toMatchObject({
    status: "running",
    log: [],
    droppedLogLines: 0,
    engineUrl: null,
  });
});

test("the week tells each job's hours with runs, and nothing of what runs or is older", async () => {
  const hourMs = 3_600_000;
  await services.db.cronRun.deleteMany();
  const thisHour = Math.floor(services.clock.now().getTime() / hourMs) * hourMs;
  const row = (
    hoursAgo: number,
    minute: number,
    status: "succeeded" | "failed" | "lost" | "skipped" | "running",
  ) => {
    const slot = new Date(thisHour - hoursAgo * hourMs + minute * 60_000);
    return {
      id: `week ${hoursAgo} ${minute}`,
      job: name,
      slot,
      trigger: "schedule" as const,
      status,
      startedAt: slot,
      leaseExpiresAt: slot,
    };
  };
  await services.db.cronRun.createMany({
    data: [
      row(0, 0, "succeeded"),
      row(0, 1, "running"),
      row(3, 0, "failed"),
      row(3, 30, "lost"),
      row(3, 31, "succeeded"),
      row(191, 0, "skipped"),
      row(192, 59, "succeeded"),
    ],
  });
  const week = await admin.week();
  expect(week).toMatchObject({ hours: 192, from: new Date(thisHour - 191 * hourMs).toISOString() });
  expect(week.jobs).toEqual([
    {
      name,
      hours: [
        { hour: 0, succeeded: 0, failed: 0, skipped: 1 },
        { hour: 188, succeeded: 1, failed: 2, skipped: 0 },
        { hour: 191, succeeded: 1, failed: 0, skipped: 0 },
      ],
    },
    { name: "digest", hours: [] },
  ]);
});

test("the engine says whether it calls, and what the month comes to", async () => {
  expect(await admin.engine()).toMatchObject({
    engine: "embedded",
    appId: "fermata",
    state: "unknown",
    executions: { count: 0, projected: null, included: null, days: [] },
  });
  // In a month's first hours nothing is projected yet, and the tests before have moved the clock.
  if (services.clock.now().getUTCDate() === 1) services.clock.advance(24 * 3600);
  const now = services.clock.now();
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const at = new Date(first.getTime() + 12 * 3_600_000);
  await recordCalls(services, { appId: "fermata", executions: 240, at });
  await recordCalls(services, {
    appId: "fermata",
    executions: 3,
    at: new Date(first.getTime() - 1),
  });
  await recordCalls(services, { appId: "another", executions: 7, at });
  await recordCalls(services, { appId: "fermata", executions: 0, at: now });
  const monthMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - first.getTime();
  const state = await admin.engine();
  expect(state).toMatchObject({ state: "calling", lastCalledAt: now.toISOString() });
  expect(state.executions).toMatchObject({
    count: 240,
    projected: Math.round((240 * monthMs) / (now.getTime() - first.getTime())),
  });
  expect(state.executions.days[0]).toEqual({ day: first.toISOString().slice(0, 10), count: 240 });
  await recordRegistration(services, {
    appId: "fermata",
    functionsHash: "h",
    problem: "ECONNREFUSED",
  });
  expect(await admin.engine()).toMatchObject({ state: "unregistered", problem: "ECONNREFUSED" });
});

test("a run tells its steps in the order in which they began", async () => {
  const job = services.crons.find(name);
  if (!job) throw new Error("no job");
  const withSteps = {
    ...job,
    run: async ({ step }: JobContext) => {
      await step.run("b first", () => 1);
      await step.sleep("a nap", 0);
      await step.run("broken", () => {
        throw new Error("no paper");
      });
    },
  };
  services.clock.advance(3600);
  const outcome = await runJob(services, withSteps, { manual: true });
  if (!("runId" in outcome)) throw new Error("not begun");
  const detail = await admin.run({ runId: outcome.runId });
  expect(detail).toMatchObject({ status: "failed", attempt: 1, waitsUntil: null });
  expect(detail.steps).toMatchObject([
    { name: "b first", attempt: 1, finishedAt: expect.any(String), wakeAt: null, error: null },
    { name: "a nap", finishedAt: expect.any(String), wakeAt: expect.any(String) },
    { name: "broken", finishedAt: null, error: expect.stringContaining("no paper") },
  ]);
});

/** Asks for a job so many minutes ahead. */
async function ask(minutes: number, input: unknown = null): Promise<string> {
  const runAt = new Date(services.clock.now().getTime() + minutes * 60_000);
  const { jobId } = await enqueueJob(services, fromPg(services.pool), "send invoice", input, {
    runAt,
  });
  return jobId;
}

const idsOf = ({ items }: { items: { jobId: string }[] }) => items.map(({ jobId }) => jobId);

test("what was asked for is listed: what waits by its time, what is over by its end, page by page", async () => {
  const [late, soon, next] = [await ask(60), await ask(1), await ask(2)];
  const over = [await ask(0), await ask(0), await ask(0)];
  for (const [i, jobId] of over.entries())
    await services.db.queuedJob.update({
      where: { id: jobId },
      data: { status: "failed", finishedAt: new Date(1_900_000_000_000 + i), error: "no paper" },
    });
  // Of a version of the code that had another name for it.
  await services.db.queuedJob.update({ where: { id: late }, data: { job: "renamed" } });

  const waiting = await admin.queue({});
  expect(idsOf(waiting)).toEqual([soon, next, late]);
  expect(waiting.items).toMatchObject([
    { name: "send invoice", status: "queued", attempt: 1, attempts: 3, startedAt: null },
    { name: "send invoice" },
    { name: "renamed", attempts: null },
  ]);
  const first = await admin.queue({ over: true, limit: 2 });
  expect(idsOf(first)).toEqual([over[2], over[1]]);
  expect(first.items[0]).toMatchObject({ status: "failed", error: "no paper" });
  const rest = await admin.queue({ over: true, limit: 2, cursor: first.nextCursor });
  expect([idsOf(rest), rest.nextCursor]).toEqual([[over[0]], null]);
  const one = await admin.queue({ limit: 1 });
  expect(idsOf(await admin.queue({ limit: 2, cursor: one.nextCursor }))).toEqual([next, late]);
});

test("one that was asked for shows what it was given, and can be taken back while it waits", async () => {
  const jobId = await ask(60, { invoiceId: "2030-11" });
  const detail = await admin.queuedJob({ jobId });
  expect(detail).toMatchObject({ jobId, input: { invoiceId: "2030-11" }, log: [], steps: [] });
  expect(await admin.cancel({ jobId })).toEqual({ cancelled: true });
  expect(await admin.queuedJob({ jobId })).toMatchObject({
    status: "cancelled",
    finishedAt: expect.any(String),
  });
  await expect(admin.cancel({ jobId })).rejects.toEqual(refusal("CONFLICT"));
  const running = await ask(0);
  await services.db.queuedJob.update({ where: { id: running }, data: { status: "running" } });
  await expect(admin.cancel({ jobId: running })).rejects.toEqual(refusal("CONFLICT"));
  await expect(admin.cancel({ jobId: "none" })).rejects.toEqual(refusal("NOT_FOUND"));
  await expect(admin.queuedJob({ jobId: "none" })).rejects.toEqual(refusal("NOT_FOUND"));
});
