import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { createFermata } from "@fermata/api";
import { createTestDatabase } from "@fermata/embedded/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { parseEnv } from "../../env";
import { createLog } from "../../log";
import { type Composition, compose } from "../../server";
import { createUser } from "../../studio/auth/create-user";
import type { RequestContext } from "../../studio/context";
import { runCommandLine } from "../run-command-line";
import { type SampleFile, sample, sha256Of, writeArchive } from "./test-archive";

const account = { email: "ada@example.com", password: "a password that only tests know" };
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

let dir: string;
let archive: string;
let composition: Composition;
let dropDatabase: () => Promise<void>;
let token: string;

/** Of bodies with a file's bytes: how many were sent, and which are answered as by a store that is away. */
let sent = 0;
let refusesBytes = (_: number) => false;

/** Straight to the API. A connection would tell the length of what it carries. */
async function call(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  if (init?.body instanceof Blob) sent++;
  if (init?.body instanceof Blob && refusesBytes(sent)) {
    const error = { appCode: "UPSTREAM_UNAVAILABLE", message: "Away.", details: { retry: false } };
    return Response.json({ error }, { status: 503 });
  }
  if (init?.body instanceof Blob) request.headers.set("content-length", String(init.body.size));
  return composition.api(request);
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "fermata-convex-"));
  archive = join(dir, "export.zip");
  const database = await createTestDatabase();
  dropDatabase = database.drop;
  const env = parseEnv({
    DATABASE_URL: database.url,
    FERMATA_SECRET: "s".repeat(32),
    NEXTAUTH_SECRET: "n".repeat(32),
    FERMATA_DATA: join(dir, "data"),
  });
  composition = compose(env, {
    log: createLog({ LOG_LEVEL: "silent" }),
    embeddedDatabase: true,
    runner: {
      signingKey: `signkey-embedded-${"0".repeat(64)}`,
      fetch: async () => Response.json({ ids: ["1"], status: 200 }),
    },
  });
  const ctx = { ...composition.services, origin: "http://fermata.test" } as RequestContext;
  await createUser(ctx, { ...account, role: "member" });
  const { trpc } = createFermata({ url: "http://fermata.test", fetch: call });
  ({ token } = await trpc.auth.createToken.mutate({ ...account, name: "test" }));
});

afterAll(async () => {
  await composition.close();
  await dropDatabase();
  await rm(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  const { db } = composition.services;
  await db.importedFile.deleteMany();
  await db.file.deleteMany();
  await db.media.deleteMany();
});

function fermata() {
  return createFermata({ url: "http://fermata.test", token, fetch: call });
}

async function run(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(
    ["import-convex", ...args],
    {
      cwd: dir,
      env: { FERMATA_URL: "http://fermata.test", FERMATA_TOKEN: token },
      print: (line) => out.push(line),
      printError: (line) => err.push(line),
      ask: null,
      progress: null,
      width: 200,
    },
    { fetch: call },
  );
  return { code, out, err };
}

async function importOf(files: SampleFile[], ...args: string[]) {
  await writeArchive(archive, files);
  return run(archive, ...args);
}

async function mapping() {
  const { items } = await fermata().trpc.imports.list.query({ source: "convex", limit: 100 });
  return new Map(items.map((item) => [item.sourceId, item]));
}

async function bytesOf(storageId: string): Promise<Buffer> {
  const url = await fermata().trpc.files.getUrl.query({ storageId });
  return Buffer.from(await (await call(url ?? "")).arrayBuffer());
}

const counts = async () => [
  await composition.services.db.file.count(),
  await composition.services.db.media.count(),
];

test("stores every file with its bytes, type and old id, whichever way its SHA-256 is written", async () => {
  const text = Buffer.from("A list of strings.\n");
  const files = [
    sample(png, { contentType: "image/png", extension: ".png" }),
    sample(text, { contentType: "text/plain", claims: { sha256: sha256Of(text, "hex") } }),
    sample(randomBytes(1000)),
  ];
  const { code, out } = await importOf(files);
  expect([code, out[1]]).toEqual([0, "  3 imported as private files"]);
  const known = await mapping();
  for (const { id, bytes } of files) {
    const item = known.get(id);
    expect(item).toMatchObject({ mediaKey: null, sourceCreatedAt: "2023-11-14T22:13:20.000Z" });
    expect(await bytesOf(item?.storageId ?? "")).toEqual(bytes);
  }
  const { items } = await fermata().trpc.files.list.query({ state: "attached" });
  expect(items.map(({ contentType, filename }) => [contentType, filename]).toSorted()).toEqual([
    ["application/octet-stream", files[2]?.id],
    ["image/png", `${files[0]?.id}.png`],
    ["text/plain", files[1]?.id],
  ]);
});

test("what is too large for a file becomes private media", async () => {
  const large = sample(randomBytes(6 * 1024 * 1024), { contentType: "video/mp4" });
  const { code, out } = await importOf([large]);
  expect([code, out[2]]).toMatchObject([
    0,
    expect.stringMatching(/^ {2}1 imported as private media/),
  ]);
  const item = (await mapping()).get(large.id);
  expect(item).toMatchObject({ storageId: null, mediaStatus: "ready" });
  const key = item?.mediaKey ?? "";
  expect(await fermata().trpc.storage.getMetadata.query({ key })).toMatchObject({
    visibility: "private",
    publicUrl: null,
    sizeBytes: large.bytes.length,
  });
  const url = await fermata().trpc.storage.getUrl.query({ key });
  const bytes = Buffer.from(await (await call(url ?? "")).arrayBuffer());
  expect(sha256Of(bytes)).toBe(sha256Of(large.bytes));
});

test("large files of equal bytes pass over the disk side by side", async () => {
  const bytes = randomBytes(6 * 1024 * 1024);
  const files = Array.from({ length: 4 }, () => sample(bytes, { contentType: "video/mp4" }));
  const { code, out } = await importOf(files);
  expect([code, out[2]]).toMatchObject([
    0,
    expect.stringMatching(/^ {2}4 imported as private media/),
  ]);
  expect(new Set([...(await mapping()).values()].map(({ mediaKey }) => mediaKey)).size).toBe(4);
});

test("files of components keep apart from those of the app", async () => {
  const file = sample("of a component");
  await writeArchive(archive, [file], "mailer");
  expect((await run(archive)).code).toBe(0);
  expect([...(await mapping()).keys()]).toEqual([`mailer/${file.id}`]);
});

test("run again it brings only what is missing, and never what was deleted since", async () => {
  const files = [sample("one"), sample("two"), sample("three")];
  await importOf(files.slice(0, 2));
  const first = (await mapping()).get(files[0]?.id ?? "");
  await fermata().trpc.files.delete.mutate({ storageId: first?.storageId ?? "" });
  const { code, out } = await importOf(files, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out[0] ?? "")).toMatchObject({
    imported: { files: 1 },
    alreadyThere: 1,
    deletedSince: 1,
  });
  expect(await counts()).toEqual([2, 0]);
});

test("what an import stored and was killed before noting is taken, not stored twice", async () => {
  const file = sample("stored, and not noted", { contentType: "text/plain" });
  const { storageId } = await fermata().files.upload(
    new File([new Uint8Array(file.bytes)], file.id, { type: "text/plain" }),
  );
  expect((await importOf([file])).code).toBe(0);
  expect((await mapping()).get(file.id)?.storageId).toBe(storageId);
  expect(await counts()).toEqual([1, 0]);
});

test("hundreds of files are asked for in questions that the server takes", async () => {
  const files = Array.from({ length: 220 }, (_, number) => sample(`file ${number}`));
  const { code, out } = await importOf(files, "--dry-run");
  expect([code, out[1]]).toEqual([0, "  220 would be imported as private files"]);
});

test("a trial run reads and checks everything, and stores nothing", async () => {
  const good = sample("good");
  const damaged = sample("bad", { claims: { sha256: sha256Of(Buffer.from("other"), "base64") } });
  const { code, out } = await importOf([good, damaged], "--dry-run");
  expect(code).toBe(1);
  expect(out).toContain("  1 would be imported as private files");
  expect(out).toContainEqual(expect.stringMatching(`${damaged.id}: its SHA-256 is not the one`));
  expect(await counts()).toEqual([0, 0]);
});

test("one unusable file is named with its reason, and the others are imported", async () => {
  const files = [
    sample("good"),
    sample("bad", { claims: { sha256: "0".repeat(64) } }),
    sample("absent", { withoutBytes: true }),
    sample(""),
    sample(Buffer.alloc(1_000_000), { claims: { size: 10 } }),
  ];
  const { code, out } = await importOf(files);
  expect(code).toBe(1);
  const reasons = out
    .filter((line) => line.startsWith("    kg2"))
    .map((line) => line.replace(/^.*?: /, ""));
  expect(reasons.toSorted()).toEqual([
    expect.stringMatching(/it is empty/),
    expect.stringMatching(/its SHA-256 is not/),
    expect.stringMatching(/the archive and its document tell different sizes/),
    expect.stringMatching(/its document, and not its bytes/),
  ]);
  expect(await counts()).toEqual([1, 0]);
});

test("what the archive cannot give of one file is told of that file, and the others are imported", async () => {
  const [good, ...bad] = Array.from({ length: 6 }, (_, number) =>
    sample(`file ${number}. `.repeat(9)),
  );
  const [headless, foreign, locked, torn, sized] = bad.map(({ id }) => `_storage/${id}`);
  await writeArchive(archive, [...bad, good as SampleFile]);
  await edit((bytes) => changeAt(bytes, bytes.indexOf(headless ?? "") - 30, 0));
  await edit((bytes) => setEntry(bytes, foreign ?? "", { method: 9 }));
  await edit((bytes) => setEntry(bytes, locked ?? "", { flags: 1 }));
  await edit((bytes) => changeAt(bytes, bytes.indexOf(torn ?? "") + (torn?.length ?? 0), 0xff));
  await edit((bytes) => setEntry(bytes, sized ?? "", { method: 0 }));
  const { code, out, err } = await run(archive);
  expect([code, err, out[1]]).toEqual([1, [], "  1 imported as private files"]);
  expect((await mapping()).has(good?.id ?? "")).toBe(true);
  const told = new Map(out.map((line) => [line.trim().split(": ")[0], line]));
  expect(bad.map(({ id }) => told.get(id)?.replace(/^.*?: /, ""))).toEqual([
    "the archive is damaged where its bytes should begin",
    "it is packed by Deflate64, which is not read here. Unpack the archive, then import the folder.",
    "it is locked with a password. Unpack the archive with its password, then import the folder.",
    "its bytes do not unpack; the archive is damaged",
    expect.stringMatching(/its size is not the \d+ bytes that Convex recorded/),
  ]);
});

test("what a browser would run, or whose type is a lie, is kept as mere bytes", async () => {
  const files = [
    sample("<script>alert(1)</script>", { contentType: "text/html" }),
    sample("not a picture", { contentType: "image/png" }),
    sample("no type at all", { contentType: "nonsense" }),
  ];
  const { code, out } = await importOf(files);
  expect([code, out[3]]).toMatchObject([0, expect.stringMatching(/^ {2}3 kept as bytes/)]);
  const { items } = await fermata().trpc.files.list.query();
  expect(items.map(({ contentType }) => contentType)).toEqual(
    Array(3).fill("application/octet-stream"),
  );
});

test("writes the mapping of old ids to new ones", async () => {
  const files = [sample("one"), sample("two")];
  const path = join(dir, "mapping.jsonl");
  await importOf(files, "--mapping", path);
  const lines = (await readFile(path, "utf8")).trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).sourceId).toSorted()).toEqual(
    files.map(({ id }) => id).toSorted(),
  );
});

test("a full quota ends it with the way to go on, and keeps what is there", async () => {
  const { config } = composition.services;
  const before = config.filesQuotaBytes;
  config.filesQuotaBytes = 5 * 1024 * 1024;
  const files = Array.from({ length: 8 }, () => sample(randomBytes(1024 * 1024)));
  const stopped = await importOf(files);
  config.filesQuotaBytes = before;
  expect(stopped.code).toBe(1);
  expect(stopped.err.join("\n")).toMatch(
    /of 8 files are here\. There is no room.*run the same command again/,
  );
  expect(stopped.err.at(-1)).toMatch(/^QUOTA_EXCEEDED/);
  expect((await run(archive)).code).toBe(0);
  expect((await mapping()).size).toBe(8);
  expect(await counts()).toEqual([8, 0]);
});

test("a store that is away ends it after a few failures, with the way to go on", async () => {
  const files = Array.from({ length: 40 }, (_, number) => sample(`file ${number}`));
  sent = 0;
  refusesBytes = (count) => count > 10;
  const stopped = await importOf(files);
  // Those that were on their way beside the last that was stored, and a round after them.
  expect(sent).toBeLessThanOrEqual(18);
  refusesBytes = () => false;
  expect(stopped).toMatchObject({ code: 1, out: [] });
  expect(stopped.err).toEqual([
    expect.stringMatching(
      /^10 of 40 files are here\. The store .* away.*run the same command again/,
    ),
    "UPSTREAM_UNAVAILABLE: Away.",
  ]);
  expect((await run(archive)).code).toBe(0);
  expect(await counts()).toEqual([40, 0]);
});

test("a store that refuses one file now and then keeps none of the others away", async () => {
  const files = Array.from({ length: 20 }, (_, number) => sample(`file ${number}`));
  sent = 0;
  refusesBytes = (count) => count % 5 === 0;
  const { code, out } = await importOf(files);
  refusesBytes = () => false;
  expect([code, out[1]]).toEqual([1, "  16 imported as private files"]);
  expect(out).toContainEqual(
    expect.stringMatching(/^ {4}(kg2\w+, ){2}kg2\w+ and 1 other: UPSTREAM_UNAVAILABLE: Away\.$/),
  );
});

/** Changes bytes of the archive in place. */
async function edit(change: (bytes: Buffer) => Buffer) {
  await writeFile(archive, change(await readFile(archive)));
}

const hostile: Record<string, [(bytes: Buffer) => Buffer, RegExp]> = {
  "a name that leaves the folder": [
    (bytes) => replaceAll(bytes, "users/documents.jsonl", "../../ocuments.jsonl".padEnd(21, "x")),
    /invalid relative path/,
  ],
  "a name that begins at the root": [
    (bytes) => replaceAll(bytes, "users/documents.jsonl", "/etc//documents.jsonl"),
    /absolute path/,
  ],
  "an archive that is cut off": [
    (bytes) => bytes.subarray(0, bytes.length - 200),
    /: it is cut off: its end is missing\. Nothing/,
  ],
  "an archive that is cut off behind another one in it": [
    (bytes) => Buffer.concat([bytes.subarray(0, bytes.length - 200), bytes, Buffer.alloc(50)]),
    /: it is cut off: its end is missing\. Nothing/,
  ],
  "an archive whose table of contents is damaged": [
    (bytes) => changeAt(bytes, bytes.lastIndexOf(Buffer.from("504b0102", "hex")), 0),
    /: its table of contents is damaged\. Nothing/,
  ],
  "one part of several": [
    (bytes) => changeAt(bytes, bytes.length - 22 + 4, 3),
    /: it is one part of several\. Nothing was imported\. Join them/,
  ],
  "no archive at all": [() => Buffer.from("hello"), /: it is no zip archive\. Nothing/],
  "an empty file": [() => Buffer.alloc(0), /: it is empty\. Nothing/],
  "a web page": [
    () => Buffer.from("\ufeff\n<!DOCTYPE html><title>Sign in</title>"),
    /: it is a web page/,
  ],
  "what another packer packed": [
    (bytes) => gzipSync(bytes, { level: 0 }),
    /: it is packed by gzip, .*\. Nothing was imported\. Unpack it, then import the folder/,
  ],
  "an archive that is locked": [
    (bytes) => setEntry(bytes, "_storage/documents.jsonl", { flags: 1 }),
    /_storage\/documents\.jsonl: it is locked with a password\. Nothing.* with its password/,
  ],
  "an archive of a method that nothing here unpacks": [
    (bytes) => setEntry(bytes, "_storage/documents.jsonl", { method: 14 }),
    /it is packed by LZMA, which is not read here\. Nothing was imported\. Unpack the archive/,
  ],
  "entries that share their bytes": [shareBytes, /share their bytes/],
};

test.each(Object.entries(hostile))("refuses %s, in words", async (_, [change, reason]) => {
  await writeArchive(archive, [sample("one"), sample("two")]);
  await edit(change);
  const { code, err } = await run(archive);
  expect(code).toBe(2);
  expect(err.join()).toMatch(reason);
  expect(err.join()).toMatch(/Nothing was imported/);
  expect(err.join()).not.toMatch(/\.\.( |$)|decodeFileData/);
  expect(await counts()).toEqual([0, 0]);
});

test("says how to export where there is no storage, or no file", async () => {
  expect((await run(join(dir, "absent.zip"))).err[0]).toMatch(/There is no file/);
  await writeArchive(archive, []);
  await edit((bytes) => replaceAll(bytes, "_storage", "storages"));
  expect((await run(archive)).err[0]).toMatch(/npx convex export --include-file-storage/);
  expect((await run()).code).toBe(2);
});

function replaceAll(bytes: Buffer, from: string, to: string): Buffer {
  return Buffer.from(bytes.toString("latin1").replaceAll(from, to), "latin1");
}

function changeAt(bytes: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = byte;
  return copy;
}

/** Changes what the table of contents tells of an entry. */
function setEntry(
  bytes: Buffer,
  name: string,
  { flags, method, size }: { flags?: number; method?: number; size?: number },
): Buffer {
  const copy = Buffer.from(bytes);
  const at = copy.lastIndexOf(name) - 46;
  if (flags !== undefined) copy.writeUInt16LE(flags, at + 8);
  if (method !== undefined) copy.writeUInt16LE(method, at + 10);
  if (size !== undefined) copy.writeUInt32LE(size, at + 20);
  return copy;
}

/** Lets the last entry begin where the first one does. */
function shareBytes(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const last = copy.lastIndexOf(Buffer.from("504b0102", "hex"));
  copy.writeUInt32LE(0, last + 42);
  return copy;
}

test.each([
  ["before it", (bytes: Buffer) => Buffer.concat([Buffer.from("#!/bin/sh\n".repeat(50)), bytes])],
  ["after it", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from("\r\n")])],
  ["nowhere", (bytes: Buffer) => bytes],
])("takes an archive with other bytes %s, as unzip does", async (_, change) => {
  for (const large of [false, true]) {
    await writeArchive(archive, [sample("one"), sample("two")], "", "", large);
    await edit(change);
    expect(await run(archive)).toMatchObject({ code: 0, err: [] });
  }
  expect((await mapping()).size).toBe(4);
});

test("takes the folder that an export was unpacked to, and follows no link in it", async () => {
  const [file, linked] = [sample("in a folder"), sample("not of the export")];
  const storage = join(dir, "unpacked", "snapshot", "_storage");
  await mkdir(storage, { recursive: true });
  // With the mark of byte order that some editors and packers set.
  const documents = [file, linked].map(({ id, bytes }) =>
    JSON.stringify({ _id: id, _creationTime: 1, sha256: sha256Of(bytes), size: bytes.length }),
  );
  await writeFile(join(storage, "documents.jsonl"), `\ufeff${documents.join("\r\n")}\r\n`);
  await writeFile(join(storage, file.id), file.bytes);
  await writeFile(join(dir, "elsewhere"), linked.bytes);
  await symlink(join(dir, "elsewhere"), join(storage, linked.id));
  const { code, out } = await run(join(dir, "unpacked"));
  expect(code).toBe(1);
  expect([...(await mapping()).keys()]).toEqual([file.id]);
  expect(out).toContain(`    ${linked.id}: the archive has its document, and not its bytes`);
  await rm(join(storage, "documents.jsonl"));
  expect((await run(join(dir, "unpacked"))).err[0]).toMatch(/there is no _storage.documents.jsonl/);
});

test("takes an export that was unpacked and packed again", async () => {
  for (const root of ["snapshot/", "my exports/2026 été/"]) {
    await writeArchive(archive, [sample("hello", { contentType: "text/plain" })], "", root);
    const { code, out, err } = await run(archive, "--source", root);
    expect([code, err]).toEqual([0, []]);
    expect(out.join(" ")).not.toContain("without a document");
  }
});
