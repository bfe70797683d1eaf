import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FermataServer } from "@fermata/server";
import { browserOf, openHostLab } from "@fermata/server/testing/host-lab";
import { afterEach, expect, test } from "vitest";
import { runFermata } from "./run-fermata";

type Lab = Awaited<ReturnType<typeof openHostLab>>;

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** An app with its tables migrated, whose `fermata.ts` makes its server anew for each command, as a process would. */
async function openApp() {
  const lab = await openHostLab();
  const cwd = await mkdtemp(join(tmpdir(), "fermata-cli-"));
  undo.push(
    () => lab.close(),
    () => rm(cwd, { recursive: true }),
  );
  const mount = () => lab.mount({ url: lab.url });
  Object.assign(globalThis, { [cwd]: mount });
  await writeFile(join(cwd, "package.json"), "{}");
  await writeFile(
    join(cwd, "fermata.ts"),
    `export const fermata = Reflect.get(globalThis, ${JSON.stringify(cwd)})();`,
  );
  const run = async (...args: string[]) => {
    const said: string[] = [];
    const failed: string[] = [];
    const code = await runFermata(args, {
      cwd,
      env: {},
      print: (text) => said.push(text),
      printError: (text) => failed.push(text),
      ask: null,
      progress: null,
      width: 200,
    });
    return { code, said, failed };
  };
  expect(await run("migrate")).toMatchObject({ code: 0 });
  await lab.makeInvoices();
  return { lab, run, mount };
}

async function bytesOf(server: FermataServer, storageId: string): Promise<Buffer> {
  const file = await server.files.get(storageId);
  return Buffer.from(await new Response(file?.body).arrayBuffer());
}

async function invoiceOf(lab: Lab, id: string): Promise<string> {
  const { rows } = await lab.pool.query(`SELECT "pdfId" FROM "Invoice" WHERE id = $1`, [id]);
  return rows[0].pdfId;
}

test("looks after an app's jobs, store and media, with its own server and no sign-in", async () => {
  const { run } = await openApp();
  const crons = await run("crons", "list", "--json");
  expect(JSON.parse(crons.said[0] ?? "")[0]).toMatchObject({ name: "purge expired signaling" });
  expect(await run("crons", "pause", "purge expired signaling")).toMatchObject({
    code: 0,
    said: ['Paused "purge expired signaling".'],
  });
  expect((await run("crons", "list")).said[1]).toContain("paused");
  expect(await run("storage", "status")).toMatchObject({
    code: 0,
    said: [
      expect.stringContaining("belongs to this installation"),
      expect.anything(),
      expect.anything(),
    ],
  });
  expect(await run("storage", "adopt")).toMatchObject({
    code: 0,
    said: expect.arrayContaining([expect.stringContaining("npx fermata storage sweep")]),
  });
  expect(await run("media", "reindex", "--adopt")).toMatchObject({ code: 0 });
  expect(await run("crons", "show", "nonsense")).toMatchObject({
    code: 1,
    failed: [expect.stringMatching(/^[A-Z_]+: /)],
  });
  expect(await run("import-convex", "export.zip")).toMatchObject({
    code: 2,
    failed: [expect.stringContaining("--user")],
  });
});

test("examines the jobs and the relay of an app, too", async () => {
  const { run, lab } = await openApp();
  const well = await run("doctor");
  expect(well.code).toBe(0);
  expect(well.said.join("\n")).toMatch(/ok {4}jobs\n +Inngest does not know \S+ yet/);
  expect(well.said.join("\n")).toMatch(/ok {4}TURN, stun-only\n +no relay is configured/);
  await lab.pool.query(
    `UPDATE fermata."CronEngine" SET "problem" = 'refused', "registeredAt" = NULL`,
  );
  await lab.pool.query(
    `INSERT INTO fermata."CronEngine" ("appId", "problem") VALUES ('fermata', 'refused') ON CONFLICT DO NOTHING`,
  );
  const ill = await run("doctor", "--json");
  expect(ill.code).toBe(1);
  expect(JSON.parse(ill.said[0] ?? "").findings).toContainEqual(
    expect.objectContaining({
      name: "jobs",
      ok: false,
      remedy: expect.stringContaining("refused"),
    }),
  );
});

test("backs an app's files up, and fills an empty database and store from it", async () => {
  const from = await openApp();
  const server = from.mount();
  const uploaded = await browserOf(server).upload({ as: "invoice", input: { invoiceId: "7" } });
  expect(uploaded.status).toBe(200);
  const storageId = await invoiceOf(from.lab, "7");
  const place = join(from.lab.dir, "..", `backup-${process.pid}`);
  undo.push(() => rm(place, { recursive: true, force: true }));
  expect(await from.run("backup", place)).toMatchObject({
    code: 0,
    said: [
      expect.stringMatching(/^Backed up \d+ rows of \d+ tables and \d objects/),
      expect.stringContaining("secret"),
    ],
  });

  // Where the app's own tables refer to ours already.
  const to = await openApp();
  const restored = await to.run("restore", place, "--json");
  expect(restored).toMatchObject({ code: 0, failed: [] });
  expect(JSON.parse(restored.said[0] ?? "")).toMatchObject({ missing: 0 });
  expect(await bytesOf(to.mount(), storageId)).toEqual(await bytesOf(server, storageId));
  await to.lab.pool.query(`UPDATE "Invoice" SET "pdfId" = $1 WHERE id = '7'`, [storageId]);

  expect(await to.run("restore", place)).toMatchObject({
    code: 1,
    failed: [expect.stringContaining("already holds files")],
  });
  expect(await to.run("backup")).toMatchObject({ code: 2 });
});
