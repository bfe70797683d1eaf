import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identifyThisProcess, isStillRunning, readProcessState } from "./process-state";

test("this process runs; its id with another start time does not", () => {
  const me = identifyThisProcess();
  expect(isStillRunning(me)).toBe(true);
  expect(isStillRunning({ ...me, startedAt: "never" })).toBe(false);
});

test.skipIf(process.platform === "win32")(
  "tells a zombie, which still answers signals, from a running process",
  async () => {
    // The shell becomes `sleep`, which never collects the child that the shell had started.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 30"]);
    try {
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      const zombie = Number(line.toString());
      await expect.poll(() => readProcessState(zombie).state).toBe("zombie");
      expect(readProcessState(parent.pid ?? 0).state).toBe("running");
    } finally {
      parent.kill("SIGKILL");
    }
    await once(parent, "close");
    expect(readProcessState(parent.pid ?? 0).state).toBe("gone");
  },
);
