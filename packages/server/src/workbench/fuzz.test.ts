import { expect, test } from "vitest";
import { fuzzWorkbench } from "../testing/fuzz-workbench";
import { openWorkbench } from "./open-workbench";

test("broken and hostile files end in facts or a refusal, and the server goes on meanwhile", async () => {
  const workbench = openWorkbench({ stallSeconds: 2, deadlineSeconds: 15 });
  try {
    const report = await fuzzWorkbench(workbench, { seed: 1, inputs: 200, atOnce: 4 });
    expect(report.died).toEqual([]);
    expect(report.read).toBeGreaterThan(20);
    expect(report.refused).toBeGreaterThan(20);
    expect(report.eventLoopP99Ms).toBeLessThan(50);
  } finally {
    await workbench.close();
  }
}, 120_000);
