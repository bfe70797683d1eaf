import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDiskObjectStore } from "../adapters/object-store/disk";
import type { Services } from "../context";
import { systemClock } from "../ports/clock";
import { createStoreTrial } from "./store-trial";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-trial-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const config = (objectStore: string) => ({ objectStore }) as Services["config"];

test("a store that takes nothing fails, however it answers reads, and is tried anew", async () => {
  const place = join(dir, "store");
  // A file where the directory should be, as good as a disk that takes nothing.
  await writeFile(place, "");
  const objects = createDiskObjectStore({ dir: place, secret: "s", clock: systemClock });
  expect(await objects.head("files", "readiness")).toBeNull();
  let now = 0;
  const tryStore = createStoreTrial({ objects, config: config("disk") }, () => now);
  const away = { code: "UPSTREAM_UNAVAILABLE", details: { reason: "ENOTDIR" } };
  await expect(tryStore()).rejects.toMatchObject(away);
  await expect(tryStore()).rejects.toMatchObject(away);
  await rm(place);
  await mkdir(place);
  now += 3_000;
  await tryStore();
  const { items } = await objects.list("files", { limit: 10 });
  expect(items).toEqual([]);
});

test("however many ask, one trial runs, and it is repeated after a while", async () => {
  const objects = createDiskObjectStore({ dir, secret: "s", clock: systemClock });
  let puts = 0;
  const counted: Services["objects"] = {
    ...objects,
    put: (...given) => {
      puts++;
      return objects.put(...given);
    },
  };
  let now = 0;
  const tryStore = createStoreTrial({ objects: counted, config: config("s3") }, () => now);
  await Promise.all(Array.from({ length: 20 }, tryStore));
  now += 59_000;
  await tryStore();
  expect(puts).toBe(2);
  now += 1_000;
  await tryStore();
  expect(puts).toBe(4);
});
