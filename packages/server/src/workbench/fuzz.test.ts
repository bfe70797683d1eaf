import { expect, test } from "vitest";
import { AppError } from "../ground/errors";
import { fuzzWorkbench } from "../testing/fuzz-workbench";
import { sampleFile } from "../testing/media-corpus";
import { openWorkbench } from "./open-workbench";

// Once more where others took the machine's processors meanwhile: their turn is measured, too.
const terms = { timeout: 120_000, retry: 3 };
test(
  "broken and hostile files end in facts or a refusal, and the server goes on meanwhile",
  terms,
  async () => {
    const workbench = openWorkbench({ stallSeconds: 2, deadlineSeconds: 15 });
    try {
      const report = await fuzzWorkbench(workbench, { seed: 1, inputs: 200, atOnce: 4 });
      expect(report.died).toEqual([]);
      expect(report.read).toBeGreaterThan(20);
      expect(report.refused).toBeGreaterThan(20);
      // Decoders are reached, too.
      expect(report.drawn).toBeGreaterThan(20);
      expect(report.eventLoopP99Ms).toBeLessThan(50);
    } finally {
      await workbench.close();
    }
  },
);

// Found by mutations: their reader goes on for ever. Where it learns better, it may give facts, or none.
const background = { urgency: "background", whose: null } as const;
test.each(["endless-1368.mp4", "endless-1393.webm", "endless-1740.mov"])(
  "%s does not keep its reader",
  async (name) => {
    const bytes = await sampleFile(name);
    const workbench = openWorkbench({ stallSeconds: 1 });
    const read = async (start: number, end: number) => bytes.subarray(start, end);
    const end = await workbench
      .readClipFacts({ sizeBytes: bytes.length, read }, background)
      .catch((error: unknown) => error);
    await workbench.close();
    if (end instanceof AppError) expect(end.details?.reason).toContain("within 1 seconds");
    else expect(end === null || typeof end === "object").toBe(true);
  },
);
