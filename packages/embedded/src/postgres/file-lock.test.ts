import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withFileLock } from "./file-lock";

let dir: string;
let lock: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "fermata-lock-"));
  lock = join(dir, "lock");
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

async function countOverlaps(callers: number): Promise<number> {
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    await sleep(2);
    running -= 1;
  };
  await Promise.all(Array.from({ length: callers }, () => withFileLock(lock, work)));
  return most;
}

test("lets one at a time in, and leaves nothing behind", async () => {
  expect(await countOverlaps(10)).toBe(1);
  expect(readdirSync(dir)).toEqual([]);
});

test("is free again after its holder failed", async () => {
  const failure = withFileLock(lock, () => Promise.reject(new Error("no")));
  await expect(failure).rejects.toThrow("no");
  expect(await withFileLock(lock, async () => "in")).toBe("in");
});

test("breaks the lock of a process that is gone, and only one of those who wait takes it", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]);
  writeFileSync(lock, JSON.stringify({ pid, startedAt: "1", token: "gone" }));
  expect(await countOverlaps(10)).toBe(1);
});

test.runIf(process.platform === "linux")(
  "breaks the lock of a process whose id another process has by now",
  async () => {
    writeFileSync(lock, JSON.stringify({ pid: process.pid, startedAt: "1", token: "before" }));
    expect(await withFileLock(lock, async () => "in")).toBe("in");
  },
);

test("breaks a lock file that a crash left empty", async () => {
  writeFileSync(lock, "");
  utimesSync(lock, new Date(0), new Date(0));
  expect(await withFileLock(lock, async () => "in")).toBe("in");
});
