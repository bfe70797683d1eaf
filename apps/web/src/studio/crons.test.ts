import { readFile } from "node:fs/promises";
import {
  type CronJob,
  declareCrons,
  libraryCrons,
  type Notifier,
  runJob,
  slotsBetween,
} from "@fermata/server/internal";
import { openDuo } from "@fermata/server/testing/rooms";
import { afterAll, beforeAll, expect, test } from "vitest";
import { studioCrons } from "./crons";
import { createTestServices, createTestUser, type TestServices } from "./testing/studio-lab";

let services: TestServices;
const posts: { title: string; text: string }[] = [];
const notifier: Notifier = {
  name: "test",
  notify: async (message) => {
    posts.push(message);
  },
};

/** The library's jobs with the studio's, as a server of this app has them. */
function jobsOf(notifier: Notifier | null) {
  const crons = libraryCrons();
  declareCrons(crons, (list) => studioCrons(list, { notifier, services: () => services }));
  return crons;
}
const crons = jobsOf(notifier);

beforeAll(async () => {
  services = await createTestServices({ crons, notifier });
});
afterAll(() => services.dispose());

function jobNamed(name: string): CronJob {
  const job = crons.find(name);
  if (!job) throw new Error(`no job ${name}`);
  return job;
}

/** Runs a job by hand and gives what the ledger kept of it. */
async function resultOf(name: string) {
  const outcome = await runJob(services, jobNamed(name), { manual: true });
  if (!("runId" in outcome)) throw new Error(outcome.reason);
  const { result, error } = await services.db.cronRun.findUniqueOrThrow({
    where: { id: outcome.runId },
  });
  expect(error).toBeNull();
  return result;
}

test("the first job is the hourly purge of signaling", () => {
  expect(crons.jobs[0]).toMatchObject({
    name: "purge expired signaling",
    schedule: { written: "every 1 hour", inWords: "Every hour, on the hour" },
  });
});

test("every job runs on an empty server", async () => {
  for (const { name } of crons.jobs) await resultOf(name);
});

test("the purge of signaling deletes what is an hour old and nothing younger", async () => {
  const { roomId, ada } = await openDuo(services);
  const say = (payload: string) =>
    ada.caller.signaling.send({ roomId, messages: [{ kind: "text", payload }] });
  await say("old");
  const before = await services.db.message.count({ where: { roomId } });
  services.clock.advance(3601);
  await say("young");
  expect(await resultOf("purge expired signaling")).toMatchObject({ deleted: before });
  const left = await services.db.message.findMany({ where: { roomId } });
  expect(left.map(({ payload }) => payload)).toEqual(["young"]);
  expect(await resultOf("purge expired signaling")).toMatchObject({ deleted: 0 });
});

test("the purge of sessions deletes what is over and keeps the rest", async () => {
  const user = await createTestUser(services);
  const now = services.clock.now().getTime();
  const session = (id: string, expiresAt: Date) => ({
    id,
    tokenHash: new TextEncoder().encode(id),
    userId: user.id,
    kind: "token" as const,
    name: "test",
    createdAt: new Date(now - 1000),
    lastUsedAt: new Date(now - 1000),
    expiresAt,
  });
  await services.db.session.createMany({
    data: [session("over", new Date(now - 1)), session("open", new Date(now + 3_600_000))],
  });
  expect(await resultOf("purge expired sessions")).toMatchObject({ sessions: 1, invitations: 0 });
  const left = await services.db.session.findMany({ where: { userId: user.id } });
  expect(left.map(({ id }) => id)).toEqual(["open"]);
});

test("the digest tells the day's numbers", async () => {
  posts.length = 0;
  const at = services.clock.now();
  await services.db.cronRun.create({
    data: {
      id: "broken",
      job: "purge cron history",
      slot: at,
      trigger: "schedule",
      status: "failed",
      startedAt: at,
      finishedAt: at,
      leaseExpiresAt: at,
      error: "broken",
    },
  });
  expect(await resultOf("daily studio digest")).toMatchObject({ calls: 1, failedRuns: 1 });
  expect(posts).toEqual([
    {
      kind: "digest",
      title: `Studio digest, ${at.toISOString().slice(0, 10)}`,
      text: "Uploads: 0 (0.0 MB)\nStored: 0.0 MB\nCalls: 1\nFailed runs: purge cron history (1)",
    },
  ]);
});

test("without a notifier the digest is disabled, with the way to enable it", () => {
  expect(jobsOf(null).find("daily studio digest")?.disabledReason(services)).toBe(
    "Set LARK_WEBHOOK_URL, FERMATA_WEBHOOK_URL or SMTP_URL to enable it.",
  );
  expect(jobNamed("daily studio digest").disabledReason(services)).toBeNull();
});

test("the guide's table names every job, with its schedule and what it costs while idle", async () => {
  const guide = await readFile(new URL("../../../../docs/crons.md", import.meta.url), "utf8");
  const april = { from: new Date("2028-04-01T00:00:00Z"), until: new Date("2028-05-01T00:00:00Z") };
  for (const { name, schedule, planned, onlyWhen } of crons.jobs) {
    const slots = slotsBetween(planned, april.from, april.until).length;
    // Sundays come four or five times in thirty days.
    const idle = schedule.inWords.startsWith("Every Sunday") ? 4 : slots;
    const written = onlyWhen ? `${schedule.written}, when ${onlyWhen.inWords}` : schedule.written;
    expect.soft(guide).toContain(`| ${name} | ${written} | ${idle.toLocaleString("en-US")} |`);
  }
});
