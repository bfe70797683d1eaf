import { createHash, randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { makeDataDir } from "./setup/data-dir";
import { type Rpc, rpcFor, signInAdmin } from "./setup/rpc";
import { runFermata } from "./setup/run-fermata";
import { startS3Store } from "./setup/s3-store";
import { startSelfHosted } from "./setup/start-server";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function newDir(): Promise<string> {
  const dir = await makeDataDir();
  open.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function start(dataDir: string, env: Record<string, string>) {
  const server = await startSelfHosted(dataDir, undefined, env);
  open.push(() => server.stop());
  return server;
}

async function storeEnv(kind: "disk" | "S3"): Promise<Record<string, string>> {
  if (kind === "disk") return {};
  const store = await startS3Store();
  open.push(store.close);
  return store.envAt(store.origin);
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Files and media of somebody's, by what they hold. */
async function fill(rpc: Rpc, count: number) {
  const files = new Map<string, string>();
  const media = new Map<string, string>();
  for (let i = 0; i < count; i++) {
    const bytes = randomBytes(20_000 + i);
    const type = "application/octet-stream";
    const { url } = (await rpc.mutate("files.generateUploadUrl", {})).data;
    const posted = await fetch(url, {
      method: "POST",
      headers: { "content-type": type },
      body: bytes,
    });
    files.set((await posted.json()).storageId, sha256(bytes));
    const grant = { filename: `${i}.bin`, contentType: type, sizeBytes: bytes.length };
    const { key, uploadUrl, headers } = (
      await rpc.mutate("storage.getUploadUrl", { ...grant, visibility: "private" })
    ).data;
    await fetch(uploadUrl, { method: "PUT", headers, body: bytes });
    expect((await rpc.mutate("storage.completeUpload", { key })).error).toBeUndefined();
    media.set(key, sha256(bytes));
  }
  return { files, media };
}

async function expectAll(rpc: Rpc, { files, media }: Awaited<ReturnType<typeof fill>>) {
  const hashOf = async (url: string) =>
    sha256(new Uint8Array(await (await fetch(url)).arrayBuffer()));
  for (const [storageId, hash] of files) {
    expect(await hashOf((await rpc.query("files.getUrl", { storageId })).data)).toBe(hash);
  }
  for (const [key, hash] of media) {
    expect(await hashOf((await rpc.query("storage.getUrl", { key })).data)).toBe(hash);
  }
}

describe.each(["disk", "S3"] as const)("a backup with the store %s", (kind) => {
  test("made while the server runs, killed and made again, gives every byte back elsewhere", {
    timeout: 240_000,
  }, async () => {
    const [from, to, folder] = [await newDir(), await newDir(), join(await newDir(), "backup")];
    const env = await storeEnv(kind);
    const server = await start(from, env);
    const rpc = await signInAdmin(server.target);
    const stored = await fill(rpc, 6);

    const killed = await runFermata(["backup", folder], { ...env, FERMATA_DATA: from }, (child) =>
      setTimeout(() => child.kill("SIGKILL"), 700),
    );
    expect(killed.code).not.toBe(0);
    const early = await runFermata(["restore", folder], { ...env, FERMATA_DATA: to });
    expect([early.code, early.output]).toEqual([1, expect.stringContaining("no whole backup")]);

    const made = await runFermata(["backup", folder], { ...env, FERMATA_DATA: from });
    expect([made.code, made.output]).toEqual([0, expect.stringMatching(/12 objects|objects to/)]);
    const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
    expect(manifest.store).toBe(kind === "disk" ? "disk" : "s3");
    expect(manifest.objects.length).toBeGreaterThanOrEqual(12);
    const held = [...stored.files.values(), ...stored.media.values()];
    // The disk store's files say more than their bytes.
    if (kind === "S3") {
      expect(manifest.objects.map(({ sha256 }: { sha256: string }) => sha256)).toEqual(
        expect.arrayContaining(held),
      );
    }
    expect((await rpc.query("operations.health")).data.lastBackup).toMatchObject({
      objects: manifest.objects.length,
    });

    // Over something that lives nothing is restored.
    const over = await runFermata(["restore", folder], { ...env, FERMATA_DATA: from });
    expect([over.code, over.output]).toEqual([1, expect.stringContaining("Nothing was changed")]);
    await expectAll(rpc, stored);
    await server.stop();

    const torn = await runFermata(["restore", folder], { ...env, FERMATA_DATA: to }, (child) =>
      setTimeout(() => child.kill("SIGKILL"), 1_500),
    );
    const restored =
      torn.code === 0 ? torn : await runFermata(["restore", folder], { ...env, FERMATA_DATA: to });
    expect([restored.code, restored.output]).toEqual([0, expect.stringContaining("Restored")]);
    const second = await start(to, env);
    // The session that was open goes on, too.
    const back = rpcFor(second.target.baseUrl, rpc.token);
    expect((await back.query("auth.me")).data.user.email).toBe(second.target.adminEmail);
    await expectAll(back, stored);
  });
});

test("a backup in a bucket, killed and made again, gives every byte back, and is refused where it is damaged", {
  timeout: 240_000,
}, async () => {
  const [from, to] = [await newDir(), await newDir()];
  const store = await startS3Store();
  open.push(store.close);
  const { S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = store.envAt(store.origin);
  const keys = {
    BACKUP_S3_ENDPOINT: S3_ENDPOINT ?? "",
    BACKUP_S3_ACCESS_KEY_ID: S3_ACCESS_KEY_ID ?? "",
    BACKUP_S3_SECRET_ACCESS_KEY: S3_SECRET_ACCESS_KEY ?? "",
  };
  const place = "s3://backups/studio/monday";
  const server = await start(from, {});
  const rpc = await signInAdmin(server.target);
  const stored = await fill(rpc, 6);
  const env = { ...keys, FERMATA_DATA: from };

  const nowhere = await runFermata(["backup", "--to", place], { FERMATA_DATA: from });
  expect([nowhere.code, nowhere.output]).toEqual([
    1,
    expect.stringContaining("BACKUP_S3_ENDPOINT"),
  ]);
  await runFermata(["backup", "--to", place], env, (child) =>
    setTimeout(() => child.kill("SIGKILL"), 1_200),
  );
  const made = await runFermata(["backup", "--to", place], env);
  expect([made.code, made.output]).toEqual([0, expect.stringContaining(`objects to ${place}`)]);
  await server.stop();

  const restored = await runFermata(["restore", "--from", place], { ...keys, FERMATA_DATA: to });
  expect([restored.code, restored.output]).toEqual([0, expect.stringContaining("Restored")]);
  const second = await start(to, {});
  await expectAll(rpcFor(second.target.baseUrl, rpc.token), stored);
  await second.stop();

  const third = await newDir();
  const bucket = await store.bucket("BACKUPS");
  const [{ key } = { key: "" }] = (await bucket.list({ prefix: "studio/monday/objects/objects/" }))
    .objects;
  await bucket.put(key, "other bytes");
  const damaged = await runFermata(["restore", place], { ...keys, FERMATA_DATA: third });
  expect([damaged.code, damaged.output]).toEqual([
    1,
    expect.stringContaining("missing or damaged"),
  ]);
});

test("a damaged backup is refused by the name of what is damaged, and changes nothing", {
  timeout: 180_000,
}, async () => {
  const [from, to, folder] = [await newDir(), await newDir(), join(await newDir(), "backup")];
  const server = await start(from, {});
  await fill(await signInAdmin(server.target), 1);
  expect((await runFermata(["backup", folder], { FERMATA_DATA: from })).code).toBe(0);
  const { objects } = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
  const [{ path }] = objects;
  await writeFile(join(folder, "objects", path), "other bytes");
  const refused = await runFermata(["restore", folder], { FERMATA_DATA: to });
  expect(refused.code).toBe(1);
  expect(refused.output).toContain(`objects/${path} of the backup is missing or damaged`);
});
