import { afterEach, expect, test } from "vitest";
import type { CronRegistry } from "../../context";
import { createStandIn, type InngestApp } from "../../testing/inngest-app";
import { createTestServices, type TestServices } from "../../testing/test-context";
import { type CronJobs, cronJobs } from "../registry";
import { readEngineState } from "./engine-state";

const HOUR_MS = 3_600_000;
const start = new Date("2030-11-28T10:00:30Z");
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function openLab() {
  const services = await createTestServices();
  open.push(() => services.dispose());
  const lab = createStandIn(start);
  const connect = (crons: CronRegistry, appId?: string) => {
    const app = lab.connect(services, crons, appId);
    open.push(() => app.engine.stop());
    return app;
  };
  /** Time passes for everybody, and the app looks as it does while it stays up. */
  const pass = async (seconds: number, app?: InngestApp) => {
    const untilMs = lab.inngest.now().getTime() + seconds * 1000;
    while (lab.inngest.now().getTime() < untilMs) {
      await lab.inngest.advanceTo(
        new Date(Math.min(untilMs, lab.inngest.now().getTime() + 30_000)),
      );
      await app?.engine.look();
    }
  };
  return { ...lab, services, connect, pass };
}

function jobsOf(declare: (crons: CronJobs) => void): CronRegistry {
  const crons = cronJobs();
  declare(crons);
  return crons;
}

const counting = (ran: string[], name: string) => ({
  description: "",
  run: async () => ({ count: ran.push(name) }),
});

async function ledger({ db }: TestServices, job: string) {
  const rows = await db.cronRun.findMany({ where: { job }, orderBy: { slot: "asc" } });
  return rows.map(
    ({ slot, status, trigger }) => `${slot.toISOString().slice(11, 16)} ${status} ${trigger}`,
  );
}

test("a server makes itself known, and its functions again after each change", async () => {
  const { inngest, services, connect, pass } = await openLab();
  const ran: string[] = [];
  const first = connect(jobsOf((crons) => crons.hourly("old", {}, counting(ran, "old"))));
  expect(inngest.apps.size).toBe(0);
  await first.start();
  expect(inngest.apps.get("fermata")?.url).toBe("http://fermata.test/api/inngest");
  await pass(HOUR_MS / 1000);
  expect(ran).toEqual(["old"]);
  await first.engine.stop();

  const second = connect(jobsOf((crons) => crons.hourly("new", {}, counting(ran, "new"))));
  await second.start();
  await pass(HOUR_MS / 1000);
  expect(ran).toEqual(["old", "new"]);
  await second.engine.stop();
  const { problem, registeredAt, executions } = await readEngineState(second.services, "fermata");
  expect({ problem, executions }).toEqual({ problem: null, executions: 2 });
  expect(registeredAt).not.toBeNull();
  expect(inngest.executions).toBe(2);
  expect(await services.db.cronRun.count()).toBe(2);
});

test("a process that does not stay up makes its jobs known once, and again when they change or are not called for", async () => {
  const { inngest, connect, pass } = await openLab();
  const app = (name: string) =>
    connect(jobsOf((crons) => crons.hourly(name, {}, counting([], name))));
  const endpoint = new URL("http://fermata.test/api/inngest");
  const isToldBy = async (one: InngestApp) => {
    inngest.apps.clear();
    await one.engine.introduce(endpoint);
    return inngest.apps.has("fermata");
  };
  expect(await isToldBy(app("old"))).toBe(true);
  expect(await isToldBy(app("old"))).toBe(false);
  expect(await isToldBy(app("new"))).toBe(true);
  expect(await isToldBy(app("new"))).toBe(false);
  // Nobody calls, since the engine forgot the app.
  await pass(2 * 3600);
  expect(await isToldBy(app("new"))).toBe(true);
  inngest.isAway = true;
  await expect(app("newest").engine.introduce(endpoint)).resolves.toBeUndefined();
});

test("an engine that is away is said, and told again until it knows the app", async () => {
  const { inngest, connect } = await openLab();
  const app = connect(jobsOf((crons) => crons.hourly("hourly", {}, counting([], "hourly"))));
  inngest.isAway = true;
  await app.start();
  expect(await readEngineState(app.services, "fermata")).toMatchObject({
    registeredAt: null,
    problem: expect.stringContaining("ECONNREFUSED"),
  });
  inngest.isAway = false;
  await expect
    .poll(() => readEngineState(app.services, "fermata"), { timeout: 10_000 })
    .toMatchObject({ registeredAt: expect.any(Date), problem: null });
});

test("an engine that knows the app and does not call for what is due is told from one that does", async () => {
  const { inngest, connect, pass } = await openLab();
  const app = connect(jobsOf((crons) => crons.hourly("hourly", {}, counting([], "hourly"))));
  await app.start();
  await pass(HOUR_MS / 1000, app);
  await app.engine.stop();
  const state = () => readEngineState(app.services, "fermata");
  expect(await state()).toMatchObject({ silentSince: null, lastCalledAt: expect.any(Date) });
  // Its database was lost, and it knows no app any more.
  const amnesiac = createStandIn(inngest.now());
  await amnesiac.inngest.advanceTo(new Date(inngest.now().getTime() + HOUR_MS + 360_000));
  const clock = { now: () => amnesiac.inngest.now() };
  expect(await readEngineState({ ...app.services, clock }, "fermata")).toMatchObject({
    silentSince: new Date("2030-11-28T12:00:00Z"),
  });
});

test("two installations on one Inngest keep to themselves", async () => {
  const { inngest, connect } = await openLab();
  const ran: string[] = [];
  const crons = (name: string) => jobsOf((jobs) => jobs.hourly("same", {}, counting(ran, name)));
  await connect(crons("a"), "studio-a").start();
  await connect(crons("b"), "studio-b").start();
  expect([...inngest.apps.keys()]).toEqual(["studio-a", "studio-b"]);
});

test.each([
  [
    "Inngest was down",
    async ({ inngest, pass, app }: Down) => {
      inngest.isAway = true;
      await pass(3 * 3600);
      await app.engine.look();
      inngest.isAway = false;
      await pass(30, app);
    },
  ],
  [
    "the app was down",
    async ({ pass, app, again }: Down) => {
      await app.engine.stop();
      app.kill();
      await pass(3 * 3600);
      await again();
      await pass(60, app);
    },
  ],
  [
    "both were down",
    async ({ inngest, pass, app, again }: Down) => {
      await app.engine.stop();
      app.kill();
      inngest.isAway = true;
      await pass(3 * 3600);
      inngest.isAway = false;
      await again();
      await pass(60, app);
    },
  ],
])(
  "where %s for three slots, the newest runs late and the others stand as skipped",
  async (_what, away) => {
    const lab = await openLab();
    const ran: string[] = [];
    const crons = jobsOf((jobs) => jobs.hourly("hourly", {}, counting(ran, "hourly")));
    let app = lab.connect(crons);
    await app.start();
    await lab.pass(3600, app);
    expect(ran).toHaveLength(1);
    await away({
      inngest: lab.inngest,
      pass: lab.pass,
      app,
      again: async () => {
        app = lab.connect(crons);
        await app.start();
      },
    });
    await app.engine.look();
    await lab.pass(1);
    expect(await ledger(lab.services, "hourly")).toEqual([
      "11:00 succeeded schedule",
      "12:00 skipped schedule",
      "13:00 skipped schedule",
      "14:00 succeeded schedule",
    ]);
    expect(ran).toHaveLength(2);
  },
);

type Lab = Awaited<ReturnType<typeof openLab>>;
interface Down extends Pick<Lab, "inngest" | "pass"> {
  app: InngestApp;
  again(): Promise<void>;
}

test("a rerun in Inngest's dashboard runs the job by hand, and is no second run of the slot", async () => {
  const { inngest, services, connect, pass } = await openLab();
  const ran: string[] = [];
  const app = connect(jobsOf((crons) => crons.hourly("hourly", {}, counting(ran, "hourly"))));
  await app.start();
  await pass(3600);
  const [run] = inngest.runs;
  if (!run) throw new Error("no run");
  const rerun = await inngest.rerun(run);
  expect(rerun.status).toBe("completed");
  expect(ran).toHaveLength(2);
  expect(await ledger(services, "hourly")).toEqual([
    "11:00 succeeded schedule",
    "11:00 succeeded manual",
  ]);
});

test("a slot that comes twice, by events of their own, runs once", async () => {
  const { inngest, services, connect, pass } = await openLab();
  const ran: string[] = [];
  const app = connect(jobsOf((crons) => crons.hourly("hourly", {}, counting(ran, "hourly"))));
  await app.start();
  await pass(3600);
  await app.services.jobs.runSlots([{ slug: "hourly", slot: new Date("2030-11-28T11:00:00Z") }]);
  await pass(10);
  expect(inngest.runs).toHaveLength(2);
  expect(ran).toHaveLength(1);
  expect(await ledger(services, "hourly")).toEqual(["11:00 succeeded schedule"]);
});

test("killed in the middle, a run is lost here and failed there, with the same words", async () => {
  const { inngest, faults, services, connect, pass } = await openLab();
  let calls = 0;
  const run = () => {
    calls++;
    return new Promise<never>(() => {});
  };
  const crons = jobsOf((jobs) => jobs.hourly("hourly", {}, { description: "", run }));
  const victim = connect(crons);
  open.push(() => victim.stopping.abort());
  await victim.start();
  faults.push(async () => {
    await expect.poll(() => calls).toBe(1);
    victim.kill();
    throw new TypeError("socket hang up");
  });
  await pass(3600);
  await connect(crons).start();
  await pass(600);
  const [row] = await services.db.cronRun.findMany();
  expect(row).toMatchObject({ status: "lost", error: expect.stringContaining("no sign of life") });
  expect(inngest.runs).toMatchObject([{ status: "failed" }]);
  expect(JSON.stringify(inngest.runs[0]?.output)).toContain(row?.error);
  expect(calls).toBe(1);
});

test("a run whose answer was lost on the way is told again, and not run again", async () => {
  const { inngest, faults, services, connect, pass } = await openLab();
  const ran: string[] = [];
  const app = connect(jobsOf((crons) => crons.hourly("hourly", {}, counting(ran, "hourly"))));
  await app.start();
  faults.push(async (answered) => {
    await answered;
    throw new TypeError("socket hang up");
  });
  await pass(3700);
  expect(ran).toHaveLength(1);
  expect(inngest.runs).toMatchObject([{ status: "completed", output: { status: "succeeded" } }]);
  expect(await ledger(services, "hourly")).toEqual(["11:00 succeeded schedule"]);
});

test("a failed run carries the job's own error to the dashboard", async () => {
  const { inngest, connect, pass } = await openLab();
  async function breakHere() {
    throw new TypeError("no disk", { cause: new Error("ENOSPC") });
  }
  const app = connect(
    jobsOf((crons) => crons.hourly("hourly", {}, { description: "", run: breakHere })),
  );
  await app.start();
  await pass(3600);
  expect(inngest.runs[0]?.status).toBe("failed");
  const shown = JSON.stringify(inngest.runs[0]?.output);
  expect(shown).toContain("no disk");
  expect(shown).toContain("breakHere");
  expect(shown).toContain("ENOSPC");
});
