import { expect, test } from "vitest";
import { slotsBetween } from "../next-slots";
import { cronJobs } from "../registry";
import { needsTicker, planMinute } from "./plan-ticks";

const MINUTE_MS = 60_000;
const start = Date.UTC(2028, 1, 28, 23, 0);
const job = { description: "", run: async () => null };

function declare() {
  const crons = cronJobs();
  crons.interval("half minutes", { seconds: 30 }, job);
  crons.interval("sevens", { minutes: 7 }, job);
  crons.interval("hundred seconds", { seconds: 100 }, job);
  crons.interval("five hours", { hours: 5 }, job);
  crons.interval("ninety minutes", { minutes: 90 }, job);
  crons.daily("daily", {}, job);
  return crons;
}

test("only what crons cannot express needs the ticker", () => {
  const names = declare()
    .jobs.filter(needsTicker)
    .map(({ name }) => name);
  expect(names).toEqual(["half minutes", "sevens", "hundred seconds", "five hours"]);
});

test("a day of ticks plans every slot, each before its time", () => {
  const { jobs } = declare();
  const planned = new Map<string, number>();
  for (let minute = start; minute < start + 1440 * MINUTE_MS; minute += MINUTE_MS) {
    for (const tick of planMinute(jobs, new Date(minute))) {
      const id = `${tick.job.name} ${tick.slot.getTime()}`;
      if (!planned.has(id)) planned.set(id, minute);
      expect(tick.slot.getTime()).toBeGreaterThanOrEqual(minute);
    }
  }
  const until = new Date(start + 1440 * MINUTE_MS);
  for (const { name, schedule } of jobs.filter(needsTicker)) {
    const slots = slotsBetween(schedule, new Date(start), until);
    expect(slots.length).toBeGreaterThan(3);
    for (const slot of slots) expect(planned.get(`${name} ${slot.getTime()}`)).toBeDefined();
  }
});

test("an engine that begins within a minute plans only what is still to come", () => {
  const from = new Date(start + 35_000);
  const slots = planMinute(declare().jobs, from).map((tick) => tick.slot.getTime() - start);
  expect(slots.length).toBeGreaterThan(0);
  for (const slot of slots) expect(slot).toBeGreaterThanOrEqual(35_000);
});
