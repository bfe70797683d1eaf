import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Logger } from "../ports/logger";
import { summingLog } from "./summing-log";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function recording() {
  const lines: { level: string; facts: object; message: string }[] = [];
  const childOf = (common: object): Logger => {
    const at = (level: string) => (facts: object, message: string) =>
      void lines.push({ level, facts: { ...common, ...facts }, message });
    return {
      debug: at("debug"),
      info: at("info"),
      warn: at("warn"),
      error: at("error"),
      child: (facts) => childOf({ ...common, ...facts }),
    };
  };
  return { lines, log: summingLog(childOf({})) };
}

test("hundreds of equal warnings within a minute are two lines, and the second says how many", () => {
  const { lines, log } = recording();
  for (let i = 0; i < 789; i++) {
    const err = new Error(`connect ECONNREFUSED 127.0.0.1:${4000 + i}`);
    log.child({ job: "sweep" }).warn({ err, requestId: `r${i}` }, "a service did not answer");
    vi.advanceTimersByTime(50);
  }
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(2);
  expect(lines[0]?.facts).toMatchObject({ job: "sweep", requestId: "r0" });
  expect(lines[1]).toMatchObject({
    level: "warn",
    message: "a service did not answer",
    facts: {
      job: "sweep",
      times: 788,
      withinSeconds: 60,
      requestIds: expect.arrayContaining(["r1"]),
    },
  });
});

test("another message, another cause and a later minute are lines of their own", () => {
  const { lines, log } = recording();
  log.warn({ err: new Error("refused") }, "the store did not answer");
  log.warn({ err: new Error("reset") }, "the store did not answer");
  log.warn({}, "the store answered late");
  vi.advanceTimersByTime(60_001);
  log.warn({ err: new Error("refused") }, "the store did not answer");
  vi.advanceTimersByTime(60_001);
  expect(lines.map(({ facts }) => "times" in facts)).toEqual([false, false, false, false]);
});

test("a log that sums up already is taken as it is", () => {
  const { log } = recording();
  expect(summingLog(log)).toBe(log);
  const child = log.child({ job: "sweep" });
  expect(summingLog(child)).toBe(child);
});

test("every error stands there, whole", () => {
  const { lines, log } = recording();
  for (let i = 0; i < 5; i++) log.error({ requestId: `r${i}` }, "a request failed unexpectedly");
  expect(lines).toHaveLength(5);
});

test("a flood of different warnings costs no memory", () => {
  const { lines, log } = recording();
  for (let i = 0; i < 2_000; i++) log.warn({}, `warning ${"x".repeat(i)}`);
  expect(lines).toHaveLength(2_000);
  for (let i = 0; i < 2_000; i++) log.warn({}, `warning ${"x".repeat(i)}`);
  expect(lines).toHaveLength(3_500);
});
