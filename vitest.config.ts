import { mkdirSync, writeFileSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type Reporter, type TestSpecification } from "vitest/node";

/** Those that take minutes, longest first: begun last, each would be waited for alone. */
const longest = [
  "e2e/src/examples.test.ts",
  "e2e/src/storm/storm.test.ts",
  "e2e/src/console.test.ts",
  "e2e/src/storage-faults.test.ts",
  "e2e/src/signaling-faults.test.ts",
  "e2e/src/media-processing.test.ts",
  "e2e/src/storage-resume.test.ts",
  "e2e/src/hostile-files.test.ts",
  "e2e/src/backup.test.ts",
  "packages/server/src/crons/cost.test.ts",
];

/** Six pages with five calls each: they need the machine for themselves, as far as that can be had. */
const last = ["e2e/src/peer-room-mesh.test.ts"];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification) => {
      const isLast = last.some((path) => moduleId.endsWith(path));
      const place = isLast ? 99 : longest.findIndex((path) => moduleId.endsWith(path));
      return project.config.sequence.groupOrder * 100 + (place < 0 ? longest.length : place);
    };
    // The sort is stable: what is not named keeps its order.
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** What the JSON report does not tell: errors that no test caught. */
const uncaught: Reporter = {
  onTestRunEnd(_modules, errors) {
    // Where nothing was started yet there is no such folder.
    mkdirSync("node_modules/.fermata", { recursive: true });
    writeFileSync("node_modules/.fermata/uncaught-errors.json", JSON.stringify(errors.length));
  },
};

export default defineConfig({
  test: {
    projects: [
      "packages/server",
      "packages/embedded",
      "packages/api",
      "packages/cli",
      "apps/web",
      "apps/mirror",
      "scripts",
      "e2e/vitest.untimed.config.ts",
      "e2e/vitest.config.ts",
    ],
    // Much of what they do is waiting, yet with more than three on two cores those that measure what people wait for are late.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", uncaught, ["json", { outputFile: "node_modules/.fermata/tests.json" }]],
  },
});
