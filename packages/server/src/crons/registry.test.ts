import { expect, test } from "vitest";
import type { JobContext, UserContext } from "../context";
import { cronJobs, defineJob } from "./registry";

const job = defineJob({ description: "Does nothing.", run: async () => null });

test("keeps jobs in their order, by name", () => {
  const crons = cronJobs();
  crons.interval("purge expired signaling", { hours: 1 }, job);
  crons.hourly("hourly", {}, job);
  crons.daily("daily", { hourUTC: 3 }, job);
  crons.weekly("weekly", { dayOfWeek: "sunday" }, job);
  crons.monthly("monthly", { day: 1 }, job);
  crons.cron("daily studio digest", "0 16 * * *", job);
  expect(crons.jobs.map(({ name, schedule }) => [name, schedule.written])).toEqual([
    ["purge expired signaling", "every 1 hour"],
    ["hourly", "0 * * * *"],
    ["daily", "0 3 * * *"],
    ["weekly", "0 0 * * 0"],
    ["monthly", "0 0 1 * *"],
    ["daily studio digest", "0 16 * * *"],
  ]);
  expect(crons.find("monthly")?.slug).toBe("monthly");
  expect(crons.find("Monthly")).toBeUndefined();
});

test("names the job and the reason when it refuses", () => {
  const crons = cronJobs();
  crons.daily("sweep", {}, job);
  expect(() => crons.daily("sweep", {}, job)).toThrow(
    'The cron job "sweep" is refused: there is one of this name already.',
  );
  expect(() => crons.daily("", {}, job)).toThrow(/letters or digits/);
  expect(() => crons.daily("x".repeat(201), {}, job)).toThrow(/at most 200/);
  expect(() => crons.cron("late", "0 0 30 2 *", job)).toThrow(
    'The cron job "late" is refused: such a date never comes.',
  );
  expect(() => crons.daily("Cron Ticker", {}, job)).toThrow(
    'The cron job "Cron Ticker" is refused: cron-ticker is a function of Fermata\'s own.',
  );
  expect(() => crons.daily("process media", {}, job)).toThrow(/Fermata's own/);
});

test("a time limit that no timer can keep is refused with the bound", () => {
  for (const timeoutSeconds of [0, -1, Number.NaN, 2_147_484, 2_592_000, Number.POSITIVE_INFINITY])
    expect(() => cronJobs().daily("slow", {}, { ...job, timeoutSeconds })).toThrow(
      /timeoutSeconds is a number above 0 and at most 2147483/,
    );
  const crons = cronJobs();
  crons.daily("slow", {}, { ...job, timeoutSeconds: 2_147_483 });
  expect(crons.jobs[0]?.timeoutSeconds).toBe(2_147_483);
});

test("names in any script are told apart", () => {
  const crons = cronJobs();
  const names = ["掃除", "清掃", "уборка", "sweep", "Sweep!", "sweep 掃除", "清掃 2"];
  for (const name of names) crons.daily(name, {}, job);
  const slugs = crons.jobs.map(({ slug }) => slug);
  expect(new Set(slugs).size).toBe(names.length);
  for (const slug of slugs) expect(slug).toMatch(/^[a-z0-9][a-z0-9-]*$/);
  expect(crons.find("sweep")?.slug).toBe("sweep");
});

test("wrong schedules do not compile where types can tell", () => {
  const crons = cronJobs();
  const attempts = [
    // @ts-expect-error two units
    () => crons.interval("a", { minutes: 1, hours: 1 }, job),
    // @ts-expect-error no unit
    () => crons.interval("b", {}, job),
    // @ts-expect-error zero
    () => crons.interval("c", { seconds: 0 }, job),
    // @ts-expect-error negative
    () => crons.interval("d", { minutes: -5 }, job),
    // @ts-expect-error a fraction
    () => crons.interval("e", { hours: 1.5 }, job),
    // @ts-expect-error an unknown unit
    () => crons.interval("f", { days: 1 }, job),
    // @ts-expect-error no such day
    () => crons.weekly("g", { dayOfWeek: "caturday" }, job),
    // @ts-expect-error no schedule
    () => crons.cron("h", job),
  ];
  for (const attempt of attempts) expect(attempt).toThrow();
  // What is only known at run time compiles, and is checked there.
  const seconds: number = Number("30");
  crons.interval("i", { seconds }, job);
  expect(crons.jobs).toHaveLength(1);
});

test("a verb that needs a user cannot be called from a job", () => {
  const verb = async (ctx: UserContext) => ctx.identity.userId;
  const wrong = defineJob({
    description: "Wrong.",
    // @ts-expect-error a job's context has no identity
    run: (ctx) => verb(ctx),
  });
  const alsoWrong = defineJob({
    description: "Wrong.",
    // @ts-expect-error nor can it be read
    run: async (ctx: JobContext) => ctx.identity,
  });
  expect([wrong, alsoWrong]).toHaveLength(2);
});
