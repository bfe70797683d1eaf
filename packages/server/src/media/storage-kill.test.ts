import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createTestDatabase } from "@fermata/embedded/testing";
import { afterEach, expect, test } from "vitest";
import { emptyDeletions } from "../outbox/empty-deletions";
import { startS3 } from "../testing/start-s3";
import { createTestUser, jobContext, type TestServices } from "../testing/test-context";
import { openSharedStorage, type StorePlace } from "../testing/uploading-server";
import { lookAtStore } from "./owner/look-at-store";
import { expireUploads } from "./sweeps/expire-uploads";
import { findMissingBytes } from "./sweeps/find-missing-bytes";
import { sweepOrphans } from "./sweeps/sweep-orphans";

const script = fileURLToPath(new URL("../testing/uploading-server.ts", import.meta.url));
/** Of each kind of store. FERMATA_KILLS=100 looks harder. */
const kills = Number(process.env.FERMATA_KILLS ?? 3);
const week = 7 * 86_400;

const open: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function openPlace(kind: "disk" | "S3"): Promise<StorePlace> {
  if (kind === "S3") {
    const s3 = await startS3();
    open.push(s3.close);
    return { s3: s3.config };
  }
  const dir = await mkdtemp(join(tmpdir(), "fermata-kill-"));
  open.push(() => rm(dir, { recursive: true, force: true }));
  return { dir };
}

/** Once it has done everything once: then all of it is fast, and the kill can meet any of it. */
function untilUploading(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    // Read to its end: a pipe that nobody reads would end the server before the kill does.
    child.stdout?.on("data", () => resolve());
    child.on("exit", () => reject(new Error("the server ended before it began")));
  });
}

/** What the jobs do in the days after the kill. */
async function letTimePass(services: TestServices): Promise<void> {
  services.clock.advance(week);
  await expireUploads(jobContext(services));
  await emptyDeletions(jobContext(services));
  await sweepOrphans(jobContext(services));
  services.clock.advance(week);
  await expireUploads(jobContext(services));
  await sweepOrphans(jobContext(services));
  await emptyDeletions(jobContext(services));
}

async function keysIn(services: TestServices, bucket: "media-public" | "media-private") {
  const { items, nextCursor } = await services.objects.list(bucket, { limit: 1000 });
  expect(nextCursor).toBeNull();
  return items.map(({ key, sizeBytes }) => `${key} ${sizeBytes}`).sort();
}

test.each(["disk", "S3"] as const)(
  "a server on %s that is killed at any point leaves a bucket that agrees with its rows",
  async (kind) => {
    const database = await createTestDatabase();
    open.push(() => database.drop());
    const place = await openPlace(kind);
    const services = await openSharedStorage(database.url, place);
    open.push(() => services.dispose());
    await lookAtStore(services);
    const user = await createTestUser(services);
    // What a killed process left lying about is nobody's but this test's.
    const scratch = await mkdtemp(join(tmpdir(), "fermata-killed-"));
    open.push(() => rm(scratch, { recursive: true, force: true }));
    let ready = 0;

    for (let kill = 0; kill < kills; kill++) {
      const args = ["--import", "tsx", script, database.url, user.id, JSON.stringify(place)];
      const child = spawn(process.execPath, args, {
        // Where `tsx` is found, whatever folder the tests were started from.
        cwd: dirname(script),
        env: { ...process.env, TMPDIR: scratch },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const exited = once(child, "exit");
      await untilUploading(child);
      await sleep(Math.random() * 400);
      child.kill("SIGKILL");
      expect(await exited).toEqual([null, "SIGKILL"]);

      await letTimePass(services);
      for (const [bucket, visibility] of [
        ["media-public", "public"],
        ["media-private", "private"],
      ] as const) {
        const rows = await services.db.media.findMany({ where: { visibility } });
        expect(rows.filter(({ status }) => status !== "ready")).toEqual([]);
        const named = rows.map((row) => `${row.key} ${row.sizeBytes}`).sort();
        expect(await keysIn(services, bucket)).toEqual(named);
        ready += rows.length;
      }
      expect(await services.db.deletion.count({ where: { deletedAt: null } })).toBe(0);
      expect((await findMissingBytes(jobContext(services))).missing).toBe(0);
      if ("dir" in place) {
        const uploads = await readdir(join(place.dir, "uploads"), { recursive: true });
        expect(uploads.filter((path) => path.includes("upload.json"))).toEqual([]);
      }
      const { rows } = await services.pool.query(
        `SELECT u."bytes", COALESCE(sum(m."reservedBytes"), 0) AS "counted"
         FROM "Usage" u LEFT JOIN "Media" m ON m."userId" = u."userId"
         WHERE u."kind" = 'media' GROUP BY u."bytes"`,
      );
      for (const { bytes, counted } of rows) expect(bytes).toBe(counted);
    }
    expect(ready).toBeGreaterThan(0);
  },
  60_000 + kills * 10_000,
);
