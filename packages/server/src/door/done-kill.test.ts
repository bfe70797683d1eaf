import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { upload } from "../index";
import { diskStore } from "../stores";
import { runJob } from "../testing";
import { png } from "../testing/file-lab";
import { openHostLab } from "../testing/host-lab";

let lab: Awaited<ReturnType<typeof openHostLab>>;
let script: string;
let survivor: { origin: string; process: ChildProcess };
const started: ChildProcess[] = [];

beforeAll(async () => {
  lab = await openHostLab();
  await lab.mount({ url: lab.url }, { owners: [] }).migrate();
  await lab.pool.query(
    `CREATE TABLE invoice (id text PRIMARY KEY, "fileId" text, paid int NOT NULL DEFAULT 0)`,
  );
  script = join(lab.dir, "server.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("../testing/dying-server.ts", import.meta.url))],
    outfile: script,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["pg-native", "file:*"],
    // It holds native code: it stays where it is.
    alias: { sharp: import.meta.resolve("sharp") },
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
  });
  survivor = await start("never");
});
afterAll(async () => {
  for (const child of started) child.kill("SIGKILL");
  await lab.close();
});

async function start(dieAt: string) {
  const child = spawn(process.execPath, [script, lab.url, join(lab.dir, "bytes"), dieAt], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const [origin = ""] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return { origin, process: child };
}

/** @returns null where the server died of it */
async function ask(origin: string, path: string, init: RequestInit) {
  try {
    const response = await fetch(new URL(path, `${origin}/api/fermata/`), init);
    const text = await response.text();
    return { status: response.status, body: text === "" ? null : JSON.parse(text) };
  } catch {
    return null;
  }
}
const call = (origin: string, name: string, input: object) =>
  ask(origin, `trpc/${name}`, {
    method: "POST",
    body: JSON.stringify(input),
    headers: { "content-type": "application/json" },
  });

// biome-ignore lint/suspicious/noExplicitAny: answers of any procedure
function dataOf(answer: { body: any } | null) {
  if (!answer?.body.result) throw new Error(`no answer: ${JSON.stringify(answer)}`);
  return answer.body.result.data;
}
const send = (origin: string, url: string, method = "POST", headers = {}) =>
  ask(origin, new URL(url).pathname + new URL(url).search, {
    method,
    body: png(2_000) as Uint8Array<ArrayBuffer>,
    headers: { "content-type": "image/png", ...headers },
  });
const invoice = async (id: string) =>
  (await lab.pool.query(`SELECT "fileId", paid FROM invoice WHERE id = $1`, [id])).rows[0];

/** What two servers and a browser that tries again come to. */
test.each(["allow", "before the work", "before the commit", "before the answer"])(
  "a server that is killed at this step has done the work of a file's rule once in the end: %s",
  async (step) => {
    const id = `file, ${step}`;
    await lab.pool.query("INSERT INTO invoice (id) VALUES ($1)", [id]);
    const terms = { as: "file", input: { invoiceId: id }, filename: "a.png" };
    const victim = await start(step);
    const granted =
      (await call(victim.origin, "files.generateUploadUrl", terms)) ??
      (await call(survivor.origin, "files.generateUploadUrl", terms));
    const { url } = dataOf(granted);
    if (step !== "allow") expect(await send(victim.origin, url)).toBeNull();
    // What the dead one held is free again once its claim is over.
    await lab.pool.query(
      `UPDATE fermata."File" SET "claimExpiresAt" = now() - interval '1 minute' WHERE "status" = 'receiving'`,
    );
    const again = await Promise.all([send(survivor.origin, url), send(survivor.origin, url)]);
    const statuses = again.map((answer) => answer?.status);
    if (step === "before the answer") expect(statuses).toEqual([409, 409]);
    else expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    const { fileId, paid } = await invoice(id);
    expect(paid).toBe(1);
    const { rows } = await lab.pool.query(`SELECT "status" FROM fermata."File" WHERE "id" = $1`, [
      fileId,
    ]);
    expect(rows).toEqual([{ status: "ready" }]);
  },
);

test.each(["before the work", "before the commit", "before the answer", "never"])(
  "the same of media, where the browser never comes back: %s",
  async (step) => {
    const id = `media, ${step}`;
    await lab.pool.query("INSERT INTO invoice (id) VALUES ($1)", [id]);
    const victim = await start(step);
    const granted = await call(victim.origin, "storage.getUploadUrl", {
      as: "media",
      input: { invoiceId: id },
      filename: "a.png",
      contentType: "image/png",
      sizeBytes: 2_000,
      visibility: "private",
    });
    const { key, uploadUrl, headers } = dataOf(granted);
    expect((await send(victim.origin, uploadUrl, "PUT", headers))?.status).toBe(200);
    // Said to one that dies of it, or not at all.
    if (step !== "never")
      expect(await call(victim.origin, "storage.completeUpload", { key })).toBeNull();
    // The job for uploads whose time is over, on two servers at once.
    lab.clock.advance(3 * 3600);
    const jobs = [jobServer(), jobServer()].map((fermata) =>
      runJob(fermata, "end expired uploads"),
    );
    await Promise.all(jobs);
    await runJob(jobServer(), "end expired uploads");
    expect(await invoice(id)).toEqual({ fileId: key, paid: 1 });
  },
);

function jobServer() {
  const done = upload({ kind: "media" }).done(async ({ tx, file, input }) => {
    const { invoiceId } = input as unknown as { invoiceId: string };
    await tx.query(`UPDATE public.invoice SET "fileId" = $1, paid = paid + 1 WHERE id = $2`, [
      file.storageId,
      invoiceId,
    ]);
  });
  return lab.mount(
    { url: lab.url, maxConnections: 3 },
    {
      owners: [],
      uploads: { media: done },
      store: diskStore({ directory: join(lab.dir, "bytes") }),
    },
  );
}
