import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Composition } from "../../server";
import { createUser } from "../../studio/auth/create-user";
import type { RequestContext } from "../../studio/context";
import { openTestComposition } from "../../testing/test-composition";
import { runCommandLine } from "../run-command-line";

const rowCount = 130;
let dir: string;
let composition: Composition;
let close: () => Promise<void>;
let userId: string;
const tokens = { admin: "", member: "" };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-media-cli-"));
  ({ composition, close } = await openTestComposition(join(dir, "data")));
  const ctx = { ...composition.services, origin: "http://fermata.test" } as RequestContext;
  const password = "a password that only tests know";
  for (const role of ["admin", "member"] as const) {
    const email = `${role}@example.com`;
    const created = await createUser(ctx, { email, password, role });
    if (role === "admin") userId = created.userId;
    tokens[role] = (await run(["token"], { answers: [email, password] })).out[0] ?? "";
  }
});

afterAll(async () => {
  await close();
  await rm(dir, { recursive: true, force: true });
});

/** Rows enough for two pages; each is 10 bytes of text in the store. */
beforeEach(async () => {
  const { db, objects } = composition.services;
  await db.media.deleteMany();
  await rm(join(dir, "data"), { recursive: true, force: true });
  const facts = { contentType: "text/plain" };
  for (let number = 0; number < rowCount; number++) {
    const key = `key-${number}`;
    const visibility = number % 2 === 0 ? "public" : "private";
    const { etag } = await objects.put(`media-${visibility}`, key, ten(), facts);
    const at = new Date("2026-01-01T00:00:00Z");
    await db.media.create({
      data: {
        id: `id-${String(number).padStart(4, "0")}`,
        key,
        userId,
        filename: `take ${number}.txt`,
        contentType: "text/plain",
        status: "ready",
        visibility,
        sizeBytes: 10,
        reservedBytes: 10,
        etag,
        createdAt: at,
        readyAt: at,
        expiresAt: at,
      },
    });
  }
});

async function* ten() {
  yield Buffer.from("ten bytes.");
}

async function run(args: string[], { answers, token }: { answers?: string[]; token?: string }) {
  const out: string[] = [];
  const err: string[] = [];
  const shown: string[] = [];
  const left = [...(answers ?? [])];
  const code = await runCommandLine(
    args,
    {
      cwd: ".",
      env: { FERMATA_URL: "http://fermata.test", ...(token && { FERMATA_TOKEN: token }) },
      print: (text) => out.push(text),
      printError: (text) => err.push(text),
      ask: answers ? async () => left.shift() ?? "" : null,
      progress: (text) => shown.push(text),
      width: 200,
    },
    { fetch: (input, init) => composition.api(new Request(input, init)) },
  );
  return { code, out, err, shown };
}

const asAdmin = (...args: string[]) => run(args, { token: tokens.admin });

test("a store that agrees with its rows is said to, page by page", async () => {
  const { code, out, shown } = await asAdmin("media", "reindex");
  expect([code, out]).toEqual([
    0,
    ["130 ready rows: 0 without an object, 0 that differ, 0 mended."],
  ]);
  expect(shown.filter(Boolean)).toEqual(["100 of 130 rows, 76 %", "130 of 130 rows, 100 %"]);
});

test("what disagrees is named and left, until it is to be mended", async () => {
  const { db, objects } = composition.services;
  await objects.delete("media-private", "key-7");
  await db.media.update({
    where: { key: "key-120" },
    data: { sizeBytes: 11, reservedBytes: 11, contentType: "image/png" },
  });
  const before = await db.media.findUnique({ where: { key: "key-7" } });
  const usageBefore = await db.usage.findFirst({ where: { userId, kind: "media" } });

  const looked = await asAdmin("media", "reindex");
  expect(looked.code).toBe(1);
  expect(looked.out.slice(0, 2)).toEqual([
    "media-private/key-7 (take 7.txt): not in the store",
    "media-public/key-120 (take 120.txt): sizeBytes 11 in the row, 10 in the store; contentType image/png in the row, text/plain in the store",
  ]);
  expect(looked.out).toContain("--mend lets rows take over what the store says.");
  expect((await db.media.findUnique({ where: { key: "key-120" } }))?.sizeBytes).toBe(11n);

  const mended = await asAdmin("media", "reindex", "--mend");
  expect(mended.code).toBe(1);
  expect(mended.out).toContainEqual(expect.stringMatching(/^media-public\/key-120 .*; mended$/));
  expect(mended.out).toContain("130 ready rows: 1 without an object, 1 that differ, 1 mended.");
  expect(await db.media.findUnique({ where: { key: "key-120" } })).toMatchObject({
    sizeBytes: 10n,
    reservedBytes: 10n,
    contentType: "text/plain",
  });
  expect(await db.media.findUnique({ where: { key: "key-7" } })).toEqual(before);
  const usage = await db.usage.findFirst({ where: { userId, kind: "media" } });
  expect(usage?.bytes).toBe((usageBefore?.bytes ?? 0n) - 1n);
  // Bytes without a row are the sweep's, which was begun.
  const [sweep] = await db.cronRun.findMany({ where: { job: "sweep orphaned bytes" } });
  expect(mended.out.at(-1)).toContain(`crons show ${sweep?.id}`);
});

test("as JSON, a finding is a line and so is the sum", async () => {
  await composition.services.objects.delete("media-public", "key-0");
  const { out } = await asAdmin("media", "reindex", "--json");
  expect(out.map((line) => JSON.parse(line))).toMatchObject([
    { key: "key-0", problem: "missing", stored: null, mended: false },
    { seen: rowCount, missing: 1, differing: 0, mended: 0 },
  ]);
});

test("every row is exported once, as one line of JSON", async () => {
  await composition.services.db.media.update({
    where: { key: "key-3" },
    data: { status: "failed", failure: "CHECKSUM_MISMATCH" },
  });
  const { code, out } = await asAdmin("media", "export");
  expect(code).toBe(0);
  const rows = out.map((line) => JSON.parse(line));
  expect(new Set(rows.map(({ key }) => key)).size).toBe(rowCount);
  expect(rows).toHaveLength(rowCount);
  expect(rows[2]).toMatchObject({
    key: "key-2",
    bucket: "media-public",
    userEmail: "admin@example.com",
    filename: "take 2.txt",
    sizeBytes: 10,
    status: "ready",
    publicUrl: expect.stringContaining("key-2"),
  });
  expect(rows[3]).toMatchObject({
    status: "failed",
    failure: "CHECKSUM_MISMATCH",
    publicUrl: null,
  });
});

test("an export into a file is whole or is not there", async () => {
  const out = join(dir, "media.ndjson");
  const { code, err } = await asAdmin("media", "export", "--out", out);
  expect([code, err]).toEqual([0, [`130 rows in ${out}`]]);
  const lines = (await readFile(out, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).key)).toHaveLength(rowCount);

  await rm(out);
  const refused = await run(["media", "export", "--out", out], { token: tokens.member });
  expect(refused).toMatchObject({ code: 1, err: [expect.stringMatching(/^FORBIDDEN: /)] });
  expect((await readdir(dir)).filter((name) => name.startsWith("media.ndjson"))).toEqual([]);
});

test("an option of another command is refused", async () => {
  expect(await asAdmin("media", "export", "--mend")).toMatchObject({
    code: 2,
    err: ["error: unknown option '--mend'", expect.stringContaining("--help")],
  });
});
