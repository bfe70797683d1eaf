import { afterEach, expect, test } from "vitest";
import { libraryCrons } from "../library-crons";
import { accelerateTime } from "../testing/accelerated-time";
import { composeCronServer } from "../testing/cron-server";
import { createStandIn } from "../testing/inngest-app";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../testing/test-context";
import { slotsBetween } from "./next-slots";

const crons = libraryCrons();
// An app has some of its own.
const ofTheApp = { description: "An app's.", run: async () => ({}) };
crons.daily("purge expired sessions", { hourUTC: 3, minuteUTC: 30 }, ofTheApp);
crons.daily("daily digest", { hourUTC: 16 }, ofTheApp);

const DAY_MS = 86_400_000;
/** The first of a month of thirty days. */
const start = new Date("2030-11-01T00:00:30Z");
const end = new Date(start.getTime() + 30 * DAY_MS);
const open: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function openStudio() {
  const services = await createTestServices();
  open.push(() => services.dispose());
  const lab = createStandIn(start);
  const app = lab.connect(services, crons);
  open.push(() => app.engine.stop());
  await app.start();
  return { ...lab, services, app };
}
type Studio = Awaited<ReturnType<typeof openStudio>>;

function runsOf({ inngest }: Studio, slug: string) {
  return inngest.runs.filter(({ functionId }) => functionId === `fermata-${slug}`);
}

/** Lets time pass in such steps; after each the app looks, as it does at least twice a minute. */
async function pass({ inngest, app }: Studio, until: Date, stepSeconds: number) {
  while (inngest.now() < until) {
    await inngest.advanceTo(
      new Date(Math.min(until.getTime(), inngest.now().getTime() + stepSeconds * 1000)),
    );
    await app.engine.look();
  }
}

test("an idle installation costs at most 5,000 executions in thirty days, and shows each hour's purge", async () => {
  const studio = await openStudio();
  await pass(studio, end, 3600);
  const { executions } = studio.inngest;
  expect(executions).toBeLessThanOrEqual(5_000);
  // Nothing that was looked for cost anything: it is what the crons alone cost.
  expect(executions).toBe(studio.inngest.billed.runs);
  expect(runsOf(studio, "purge-expired-signaling")).toHaveLength(720);
  expect(runsOf(studio, "delete-released-bytes")).toHaveLength(120);
}, 300_000);

/** As the trigger does where a row goes. */
async function release({ pool }: TestServices, at: Date) {
  await pool.query(
    `INSERT INTO "Deletion" ("bucket", "objectKey", "sizeBytes", "createdAt", "nextAttemptAt") VALUES ('files', $1, 1, $2, $2)`,
    [`released-${at.getTime()}`, at],
  );
}

test("bytes go within two minutes of their row, and cost nothing when there are none", async () => {
  const studio = await openStudio();
  const { services, inngest } = studio;
  await pass(studio, new Date(start.getTime() + 7_225_000), 1800);
  const before = inngest.executions;
  const lags: number[] = [];
  for (let i = 0; i < 20; i++) {
    await pass(studio, new Date(inngest.now().getTime() + 7_000 + i * 13_000), 30);
    const at = inngest.now();
    await release(services, at);
    await pass(studio, new Date(at.getTime() + 120_000), 30);
    const [row] = (
      await services.pool.query<{ at: Date }>(
        `SELECT "deletedAt" AS at FROM "Deletion" WHERE "objectKey" = $1`,
        [`released-${at.getTime()}`],
      )
    ).rows;
    lags.push(((row?.at ?? end).getTime() - at.getTime()) / 1000);
  }
  expect(Math.max(...lags)).toBeLessThanOrEqual(120);
  const deletions = runsOf(studio, "delete-released-bytes").length;
  expect(deletions).toBe(20);
  expect(inngest.executions - before).toBeLessThan(20 + 4 * 3);
}, 120_000);

test("a studio's month of 2,000 uploads and 60 hours of calls costs at most 12,000, and 0.35 an upload", async () => {
  const studio = await openStudio();
  const { services, inngest, app } = studio;
  const owner = await callerFor(app.services, await createTestUser(services, "admin"));
  const later = (seconds: number) => new Date(inngest.now().getTime() + seconds * 1000);
  // A tenth of the month in three days.
  for (let day = 0; day < 3; day++) {
    const dayEnd = new Date(start.getTime() + (day + 1) * DAY_MS);
    for (let session = 0; session < 3; session++) {
      await app.services.jobs.processMedia(
        Array.from({ length: 22 }, (_, i) => ({ mediaId: `m-${day}-${session}-${i}`, round: 1 })),
      );
      for (let i = 0; i < 5; i++) await release(services, inngest.now());
      await pass(studio, later(300), 30);
    }
    const { roomId } = await owner.signaling.createRoom({});
    await owner.signaling.join({ roomId, displayName: "Maja" });
    for (let minute = 0; minute < 120; minute++) {
      await services.pool.query(`UPDATE "Peer" SET "lastSeenAt" = $1 WHERE "leftAt" IS NULL`, [
        inngest.now(),
      ]);
      await pass(studio, later(60), 60);
    }
    await pass(studio, dayEnd, 1800);
  }
  const processing = inngest.runs.filter(
    ({ functionId }) => functionId === "fermata-process-media",
  );
  expect(processing.flatMap(({ events }) => events)).toHaveLength(198);
  expect((processing.length + inngest.billed.steps) / 198).toBeLessThanOrEqual(0.35);
  const month = inngest.executions * 10;
  expect(month).toBeLessThanOrEqual(12_000);
  // Two hours of each day are sampled in steps of five minutes, and little else.
  expect(runsOf(studio, "record-room-activity").length).toBeLessThanOrEqual(3 * (24 + 4 + 4));
}, 300_000);

test("on the embedded runner slots without work are left out, too", async () => {
  const services = await createTestServices();
  open.push(() => services.dispose());
  const time = accelerateTime(services);
  open.push(() => time.stop());
  const server = composeCronServer(services, crons);
  open.push(() => server.stop());
  await server.start();
  await time.pass(900);
  const runs = await services.db.cronRun.findMany();
  // What is due each hour or every six hours, at most once; with a look each minute it was fifteen of one job alone.
  expect(runs.length).toBeLessThanOrEqual(10);
  await release(services, services.clock.now());
  await time.pass(125);
  const { rows } = await services.pool.query<{ at: Date | null }>(
    `SELECT "deletedAt" AS at FROM "Deletion"`,
  );
  expect(rows).toMatchObject([{ at: expect.any(Date) }]);
}, 240_000);

test("an idle day on the embedded runner is the same runs, and nothing beside them", async () => {
  const services = await createTestServices();
  open.push(() => services.dispose());
  const time = accelerateTime(services);
  open.push(() => time.stop());
  const server = composeCronServer(services, crons);
  open.push(() => server.stop());
  const never = () => false;
  const idleUntil = (at: Date) =>
    services.clock.advance((at.getTime() - services.clock.now().getTime()) / 1000);
  idleUntil(start);
  await server.start();
  await time.pass(10);
  const jobs = crons.jobs.filter((job) => job.disabledReason(services) === null);
  const until = new Date(start.getTime() + DAY_MS);
  const due = jobs.flatMap(({ name, planned }) =>
    slotsBetween(planned, start, until).map((slot) => `${slot.toISOString()} ${name}`),
  );
  for (const instant of new Set(due.toSorted().map((one) => one.slice(0, 24)))) {
    idleUntil(new Date(Date.parse(instant) - 1_000));
    // The runner looks at the clock every 15 seconds at least.
    await time.pass(17, never, 500);
  }
  const rows = await services.db.cronRun.findMany();
  const ran = rows.map(({ slot, job }) => `${slot.toISOString()} ${job}`);
  expect(ran.toSorted()).toEqual(due.toSorted());
  expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(["succeeded"]));
  // An election is a run of the ticker: it looks for what was missed.
  const { rows: called } = await services.pool.query(
    "SELECT FROM fermata_runner.run WHERE function_id <> 'fermata-cron-ticker'",
  );
  expect(called).toHaveLength(due.length);
}, 240_000);

test("what was released while nobody looked, and whose hint was lost, goes after the next start", async () => {
  const studio = await openStudio();
  await pass(studio, new Date(start.getTime() + 600_000), 60);
  await studio.app.engine.stop();
  studio.app.kill();
  await release(studio.services, studio.inngest.now());
  await studio.inngest.advanceTo(new Date(studio.inngest.now().getTime() + 300_000));
  const again = studio.connect(studio.services, crons);
  open.push(() => again.engine.stop());
  await again.start();
  await again.engine.look();
  await studio.inngest.advanceTo(new Date(studio.inngest.now().getTime() + 70_000));
  const { rows } = await studio.services.pool.query<{ at: Date | null }>(
    `SELECT "deletedAt" AS at FROM "Deletion"`,
  );
  expect(rows).toMatchObject([{ at: expect.any(Date) }]);
});

test("two processes ask for the same slot once", async () => {
  const studio = await openStudio();
  const other = studio.connect(studio.services, crons);
  open.push(() => other.engine.stop());
  await other.engine.look();
  await release(studio.services, studio.inngest.now());
  await Promise.all([studio.app.engine.look(), other.engine.look()]);
  await studio.inngest.advanceTo(new Date(studio.inngest.now().getTime() + 120_000));
  expect(runsOf(studio, "delete-released-bytes")).toHaveLength(1);
});
