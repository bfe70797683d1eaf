import { expect, test } from "vitest";
import { createInngest } from "../../crons/engine/inngest-client";
import { systemClock } from "../../ports/clock";
import { silentLog } from "../../testing/silent-log";
import { createInngestJobQueue } from "./inngest";

const inngest = createInngest({ isDev: true, log: silentLog });

test.each([
  [null, null],
  ["cloud", "https://app.inngest.com/env/production/runs/01J00000000000000000000000"],
  [{ url: "http://127.0.0.1:8288/" }, "http://127.0.0.1:8288/run?runID=01J00000000000000000000000"],
] as const)("a run is shown where the dashboard is: %j", (dashboard, url) => {
  const queue = createInngestJobQueue({
    inngest,
    engine: "inngest",
    clock: systemClock,
    dashboard,
  });
  expect(queue.runUrl("01J00000000000000000000000")).toBe(url);
});
