import { expect, test } from "vitest";
import { jobsToShow } from "./jobs-to-show";

test("shows what failed, then what ran last, and only counts what did not run", () => {
  const jobs = [
    job("never", null),
    job("early", "2026-01-01T08:00:00Z"),
    job("late", "2026-01-01T09:00:00Z"),
    job("broken", "2026-01-01T07:00:00Z", "failed"),
  ];
  const { shown, quiet } = jobsToShow(jobs);
  expect(shown.map(({ name }) => name)).toEqual(["broken", "late", "early"]);
  expect(quiet).toBe(1);
});

test("shows six at most", () => {
  const jobs = Array.from({ length: 9 }, (_, hour) =>
    job(`job ${hour}`, `2026-01-01T0${hour}:00:00Z`),
  );
  expect(jobsToShow(jobs)).toMatchObject({ shown: { length: 6 }, quiet: 3 });
});

function job(name: string, startedAt: string | null, status: "succeeded" | "failed" = "succeeded") {
  return {
    name,
    lastRun: startedAt ? { status, startedAt } : null,
    recentRuns: startedAt ? [name] : [],
  };
}
