import { beforeAll, describe, expect, test, vi } from "vitest";
import { newMember, type Rpc, rpcFor, signInAdmin } from "./setup/rpc";
import { targets } from "./setup/targets";

const purge = "purge expired signaling";
const soon = { timeout: 20_000, interval: 100 };

interface Job {
  name: string;
  schedule: string;
  scheduleText: string;
  nextRunAt: string | null;
  paused: boolean;
  disabledReason: string | null;
  lastRun: { runId: string } | null;
}

interface Run {
  runId: string;
  slot: string;
  status: string;
  startedAt: string;
  finishedAt: string | null;
  error: string | null;
}

describe.each(targets)("crons on $name", (target) => {
  let admin: Rpc;

  beforeAll(async () => {
    admin = await signInAdmin(target);
  });

  const jobs = async (): Promise<Job[]> => (await admin.query("crons.list")).data.items;
  const jobNamed = async (name: string) => (await jobs()).find((job) => job.name === name);
  const runsOf = async (name: string): Promise<Run[]> =>
    (await admin.query("crons.runs", { name, limit: 100 })).data.items;

  /** Asks for a run, again while another one is at work: other tests press the same button. */
  const trigger = (name: string): Promise<string> =>
    vi.waitUntil(async () => {
      const { data, error } = await admin.mutate("crons.trigger", { name });
      if (error && error.data.appCode !== "CONFLICT") throw new Error(error.message);
      return data?.runId;
    }, soon);
  const finished = (name: string, runId: string): Promise<Run> =>
    vi.waitUntil(
      async () => (await runsOf(name)).find((run) => run.runId === runId && run.finishedAt),
      soon,
    );
  /** A job that can run here, and that no other test asks for. */
  const anotherJob = async (): Promise<string> => {
    const job = (await jobs()).findLast(({ disabledReason }) => disabledReason === null);
    return job?.name ?? purge;
  };

  test("the hourly purge stands first, with its schedule in words and its next full hour", async () => {
    const [first] = await jobs();
    expect(first).toMatchObject({
      name: purge,
      schedule: expect.any(String),
      scheduleText: expect.stringMatching(/hour/i),
      paused: false,
      disabledReason: null,
    });
    const next = new Date(first?.nextRunAt ?? "");
    expect([next.getUTCMinutes(), next.getUTCSeconds()]).toEqual([0, 0]);
    const minutesAhead = (next.getTime() - Date.now()) / 60_000;
    expect(minutesAhead).toBeGreaterThan(-1);
    expect(minutesAhead).toBeLessThanOrEqual(60);
  });

  test("every job says when it runs next, or why it does not", async () => {
    for (const job of await jobs()) {
      expect(job.scheduleText, job.name).not.toBe("");
      const isOff = job.paused || job.disabledReason !== null;
      expect(job.nextRunAt === null, job.name).toBe(isOff);
    }
  });

  test("a run that is asked for is done within seconds, and stands in the ledger", async () => {
    const runId = await trigger(purge);
    const run = await finished(purge, runId);
    expect(run).toMatchObject({ status: "succeeded", error: null });
    expect(Date.parse(run.finishedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(run.startedAt));
    expect((await jobNamed(purge))?.lastRun).not.toBeNull();
  });

  test("runs are paged, newest first, each once", async () => {
    const name = await anotherJob();
    const asked: string[] = [];
    for (let count = 0; count < 3; count++) {
      const runId = await trigger(name);
      await finished(name, runId);
      asked.unshift(runId);
    }
    const seen: Run[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: Run[]; nextCursor: string | null } = (
        await admin.query("crons.runs", { name, limit: 1, ...(cursor && { cursor }) })
      ).data;
      expect(page.items.length).toBeLessThanOrEqual(1);
      seen.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    const ids = seen.map(({ runId }) => runId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => asked.includes(id))).toEqual(asked);
    const slots = seen.map(({ slot }) => slot);
    expect(slots).toEqual(slots.toSorted().reverse());
    const tooMany = await admin.query("crons.runs", { name, limit: 101 });
    expect(tooMany.error?.data.appCode).toBe("INVALID_INPUT");
  });

  test("a paused job has no next run until it is resumed; it still runs when asked to", async () => {
    const name = await anotherJob();
    await admin.mutate("crons.pause", { name });
    expect(await jobNamed(name)).toMatchObject({ paused: true, nextRunAt: null });
    expect((await finished(name, await trigger(name))).status).toBe("succeeded");
    await admin.mutate("crons.resume", { name });
    expect(await jobNamed(name)).toMatchObject({ paused: false, nextRunAt: expect.any(String) });
  });

  test.each([
    ["crons.runs", "query"],
    ["crons.trigger", "mutate"],
    ["crons.pause", "mutate"],
    ["crons.resume", "mutate"],
  ] as const)("%s knows no job that is not in the code", async (path, kind) => {
    const { status, error } = await admin[kind](path, { name: "no such job" });
    expect([status, error?.data.appCode]).toEqual([404, "NOT_FOUND"]);
  });

  test.each([
    ["crons.list", "query"],
    ["crons.runs", "query"],
    ["crons.trigger", "mutate"],
    ["crons.pause", "mutate"],
    ["crons.resume", "mutate"],
  ] as const)("%s is for admins", async (path, kind) => {
    const member = await newMember(target, admin);
    const { status, error } = await member[kind](path, { name: purge });
    expect([status, error?.data.appCode]).toEqual([403, "FORBIDDEN"]);
    const anonymous = await rpcFor(target.baseUrl)[kind](path, { name: purge });
    expect(anonymous.error?.data.appCode).toBe("UNAUTHENTICATED");
  });

  test.each(["POST", "PUT"])("an unsigned %s starts and registers nothing", async (method) => {
    const url = new URL(
      "/api/inngest?fnId=fermata-purge-expired-signaling&stepId=step",
      target.baseUrl,
    );
    const unsigned: Record<string, string>[] = [{}, { "x-inngest-signature": "t=1&s=00" }];
    for (const signature of unsigned) {
      const { status } = await fetch(url, {
        method,
        headers: {
          "content-type": "application/json",
          "x-inngest-sync-kind": "in_band",
          ...signature,
        },
        body: JSON.stringify({ event: {}, events: [{}], steps: {}, ctx: {}, version: 2 }),
      });
      expect(status).toBe(401);
    }
  });
});
