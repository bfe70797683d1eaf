import { expect, test } from "vitest";
import { describeImport } from "./describe-import";
import { createReport } from "./import-report";

function failuresOf(failed: { sourceId: string; reason: string }[]): string[] {
  const report = { ...createReport([]).snapshot(), failed };
  const lines = describeImport({ ...report, source: "convex", dryRun: true, strayEntries: 0 });
  return lines.filter((line) => line.startsWith("    "));
}

const failures = (count: number, reason: (number: number) => string) =>
  Array.from({ length: count }, (_, number) => ({
    sourceId: `f${number}`,
    reason: reason(number),
  }));

test("sums up equal failures, and names each where there are few", () => {
  expect(failuresOf(failures(2, (number) => `reason ${number}`))).toEqual([
    "    f0: reason 0",
    "    f1: reason 1",
  ]);
  const many = failures(1500, () => "it is empty");
  expect(failuresOf([...many, { sourceId: "g", reason: "it is locked" }])).toEqual([
    "    f0, f1, f2 and 1,497 others: it is empty",
    "    g: it is locked",
    "    With --json each of them is named.",
  ]);
  const lines = failuresOf(failures(1500, (number) => `reason ${number}`));
  expect([lines.length, lines.at(-2)]).toEqual([22, "    1,480 more for other reasons"]);
});
