import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import type { ClipSource, Workbench } from "../ports/workbench";
import { flacWithoutFrame } from "../testing/hostile-bytes";
import { clipOf } from "../testing/sample-clip";
import { imageOf } from "../testing/sample-images";
import { openWorkbench, type WorkbenchConfig } from "./open-workbench";

const opened: Workbench[] = [];
function open(config?: WorkbenchConfig): Workbench {
  const workbench = openWorkbench(config);
  opened.push(workbench);
  return workbench;
}
afterEach(() => Promise.all(opened.splice(0).map((workbench) => workbench.close())));

const maxPixels = 100_000_000;
const person = { urgency: "person", whose: "Maja" } as const;
const background = { urgency: "background", whose: "Maja" } as const;
const clipFrom = (bytes: Uint8Array): ClipSource => ({
  sizeBytes: bytes.length,
  read: async (start, end) => bytes.subarray(start, end),
});

test("work that does not end is ended, says why, and holds nobody up meanwhile", async () => {
  const workbench = open({ deadlineSeconds: 3 });
  const begun = performance.now();
  let longestMs = 0;
  let last = begun;
  const watch = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - last);
    last = performance.now();
  }, 10);
  const endless = workbench.readClipFacts(clipFrom(flacWithoutFrame()), background);
  await expect(endless).rejects.toMatchObject({
    code: "UNSUPPORTED_MEDIA_TYPE",
    details: { reason: expect.stringContaining("within 3 seconds") },
  });
  clearInterval(watch);
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect(longestMs).toBeLessThan(1_000);
  // Its place is free again.
  const film = await clipOf({ container: "mp4", seconds: 2 });
  expect(await workbench.readClipFacts(clipFrom(film), background)).toMatchObject({
    durationSeconds: 2,
  });
});

test("work that reads in parts is ended early when it goes on without any", async () => {
  const workbench = open({ stallSeconds: 2 });
  const begun = performance.now();
  await expect(
    workbench.readClipFacts(clipFrom(flacWithoutFrame()), background),
  ).rejects.toMatchObject({ details: { reason: expect.stringContaining("within 2 seconds") } });
  expect(performance.now() - begun).toBeLessThan(15_000);
});

test("a person's picture goes before work in the background, however much of it there is", async () => {
  const workbench = open({ deadlineSeconds: 20 });
  const endless = Array.from({ length: 8 }, () =>
    workbench
      .readClipFacts(clipFrom(flacWithoutFrame()), background)
      .catch((error: unknown) => error),
  );
  const image = await imageOf({ format: "jpeg" });
  const wanted = { maxPixels, ...person } as const;
  expect(await workbench.readImageFacts(image, wanted)).toMatchObject({ widthPx: 64 });
  await workbench.close();
  for (const error of await Promise.all(endless))
    expect(error).toMatchObject({ code: "UPSTREAM_UNAVAILABLE" });
});

test.each(["person", "background"] as const)(
  "what one brings keeps nobody else's work waiting, nor its place in the queue: %s",
  async (urgency) => {
    const workbench = open({ deadlineSeconds: 300, stallSeconds: 90, maxWaiting: 60 });
    let ended = 0;
    const endless = Array.from({ length: 100 }, () =>
      workbench
        .readClipFacts(clipFrom(flacWithoutFrame()), { urgency, whose: "Eve" })
        .catch(({ code }: { code: string }) => {
          ended++;
          return code;
        }),
    );
    // More than may wait of one owner's.
    await expect.poll(() => ended).toBeGreaterThan(50);
    const refused = ended;
    const film = await clipOf({ container: "mp4", seconds: 2 });
    for (let count = 0; count < 3; count++) {
      const facts = await workbench.readClipFacts(clipFrom(film), { urgency, whose: "Maja" });
      expect(facts).toMatchObject({ durationSeconds: 2 });
    }
    expect(ended).toBe(refused);
    await workbench.close();
    expect(new Set(await Promise.all(endless))).toEqual(new Set(["UPSTREAM_UNAVAILABLE"]));
  },
);

test("work that takes too much memory is ended, and says so", async () => {
  const workbench = open({ memoryLimitBytes: 100 * 1024 * 1024 });
  const image = await imageOf({ format: "webp", width: 6000, height: 6000 });
  const wanted = { maxPixels, ...person, widthPx: 5000, format: "webp" } as const;
  await expect(workbench.resizeImage(image, wanted)).rejects.toMatchObject({
    code: "UNSUPPORTED_MEDIA_TYPE",
    details: { reason: expect.stringContaining("100 MiB") },
  });
});

test("no more wait than there is room for", async () => {
  const workbench = open({ maxWaiting: 1 });
  const never = () => new Promise<Uint8Array>(() => {});
  const wanted = { maxPixels, ...person } as const;
  const asked = Array.from({ length: 12 }, () => workbench.readImageFacts(never, wanted));
  const refused = await Promise.race(
    asked.map((work) => work.catch((error: { code: string }) => error.code)),
  );
  expect(refused).toBe("UPSTREAM_UNAVAILABLE");
  for (const work of asked) work.catch(() => {});
});

test("what the store says of a failed read is what is thrown, and a store that hangs is not the clip's fault", async () => {
  const workbench = open({ deadlineSeconds: 2 });
  const away = async () => {
    throw new Error("connect ETIMEDOUT");
  };
  const read = workbench.readClipFacts({ sizeBytes: 1000, read: away }, background);
  await expect(read).rejects.toThrow("connect ETIMEDOUT");
  const hanging = () => new Promise<Uint8Array>(() => {});
  const hung = workbench.readClipFacts({ sizeBytes: 1000, read: hanging }, background);
  await expect(hung).rejects.toThrow("the store did not answer");
});

test("its processes know no secret, and are gone when the server is killed", async () => {
  const script = join(dirname(fileURLToPath(import.meta.url)), "../testing/busy-workbench.ts");
  const server = spawn(process.execPath, ["--import", "tsx", script], {
    cwd: dirname(script),
    env: { ...process.env, FERMATA_SECRET: "not for readers" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const reader = Number((await lines.next()).value);
  expect((await environmentOf(reader)).includes("not for readers")).toBe(false);
  server.kill("SIGKILL");
  await once(server, "exit");
  await expect.poll(() => isRunning(reader), { timeout: 5_000 }).toBe(false);
});

async function environmentOf(pid: number): Promise<string> {
  const ps = spawn("ps", ["eww", "-o", "command=", "-p", String(pid)]);
  let text = "";
  for await (const chunk of ps.stdout) text += chunk;
  return text;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
