import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { createDiskObjectStore } from "../../adapters/object-store/disk";
import { createS3ObjectStore } from "../../adapters/object-store/s3";
import type { Services } from "../../context";
import { newId } from "../../ground/secrets";
import { emptyDeletions } from "../../outbox/empty-deletions";
import { systemClock } from "../../ports/clock";
import type { BucketName, ObjectStore } from "../../ports/object-store";
import { serveBytesOf } from "../../testing/byte-server";
import { httpRequest } from "../../testing/http-request";
import { sampleOf } from "../../testing/sample-bytes";
import { startS3 } from "../../testing/start-s3";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  type TestServices,
} from "../../testing/test-context";
import { storeKinds } from "../../testing/use-storage";
import { lookAtStore } from "../owner/look-at-store";
import { adoptStore } from "../verbs/adopt-store";
import { sweepOrphans } from "./sweep-orphans";

const day = 86_400;
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function openStore(kind: (typeof storeKinds)[number]): Promise<ObjectStore> {
  if (kind === "S3") {
    const s3 = await startS3();
    open.push(s3.close);
    return createS3ObjectStore(s3.config);
  }
  const dir = await mkdtemp(join(tmpdir(), "fermata-sweep-"));
  open.push(() => rm(dir, { recursive: true, force: true }));
  return createDiskObjectStore({ dir, secret: "a secret of tests", clock: systemClock });
}

async function install(objects: ObjectStore, more: Partial<Services> = {}): Promise<TestServices> {
  const services = await createTestServices({ objects, ...more });
  open.push(services.dispose);
  // Databases on one server are told apart only where a store can be reached from elsewhere.
  services.config.objectStore = "s3";
  return services;
}

async function fill(services: TestServices, count: number): Promise<string[]> {
  const user = await createTestUser(services);
  const keys: string[] = [];
  for (let made = 0; made < count; made++) {
    const { key, visibility } = await services.db.media.create({ data: readyRow(user.id) });
    await put(services, `media-${visibility}`, key);
    keys.push(key);
  }
  return keys;
}

function readyRow(userId: string) {
  const at = new Date();
  return {
    id: newId(),
    key: newId(),
    userId,
    filename: "a.mp4",
    contentType: "video/mp4",
    status: "ready",
    visibility: "private",
    sizeBytes: 10,
    reservedBytes: 10,
    createdAt: at,
    readyAt: at,
    expiresAt: at,
  } as const;
}

async function put({ objects }: Services, bucket: BucketName, key = newId()): Promise<string> {
  await objects.put(bucket, key, Buffer.from("ten bytes."), { contentType: "video/mp4" });
  return key;
}

async function sweepFor(services: TestServices, days: number[]) {
  const outcomes = [];
  for (const pause of days) {
    services.clock.advance(pause * day);
    outcomes.push(await sweepOrphans(jobContext(services)));
    await emptyDeletions(jobContext(services));
  }
  return outcomes;
}

async function countIn({ objects }: Services): Promise<number> {
  const pages = await Promise.all(
    (["files", "media-public", "media-private"] as const).map((bucket) =>
      objects.list(bucket, { limit: 1000 }),
    ),
  );
  return pages.reduce((sum, { items }) => sum + items.length, 0);
}

async function findings(services: TestServices) {
  const admin = await createTestUser(services, "admin");
  return (await callerFor(services, admin)).storage.findings();
}

describe.each(storeKinds)("sweeping (%s)", (kind) => {
  test("deletes only what it saw twice, a week apart, and only keys of our form", async () => {
    const services = await install(await openStore(kind));
    await lookAtStore(services);
    const kept = await fill(services, 3);
    const stray = await put(services, "media-private");
    const foreign = await put(services, "files", "holiday-picture_1");
    const trial = await put(services, "media-public", "doctor-0123456789abcdef");

    const [first, young, due] = await sweepFor(services, [2, 6, 1]);
    expect(first).toMatchObject({ orphans: 0, strays: 2, refused: null });
    expect(young).toMatchObject({ orphans: 0, strays: 2 });
    expect(due).toMatchObject({ orphans: 2, strays: 0 });
    expect(await services.objects.head("media-private", stray)).toBeNull();
    expect(await services.objects.head("media-public", trial)).toBeNull();
    expect(await services.objects.head("files", foreign)).not.toBeNull();
    for (const key of kept)
      expect(await services.objects.head("media-private", key)).not.toBeNull();
  });

  test("forgets a stray that has a row by then", async () => {
    const services = await install(await openStore(kind));
    await lookAtStore(services);
    const user = await createTestUser(services);
    const key = await put(services, "media-private");
    await sweepFor(services, [2]);
    await services.db.media.create({ data: { ...readyRow(user.id), key } });
    await sweepFor(services, [8]);
    await services.db.$executeRaw`ALTER TABLE "Media" DISABLE TRIGGER ALL`;
    await services.db.media.deleteMany();
    // Its week begins anew.
    expect((await sweepFor(services, [1, 6]))[1]).toMatchObject({ orphans: 0, strays: 1 });
    expect(await services.objects.head("media-private", key)).not.toBeNull();
  });

  test("stops and asks where implausibly many objects have no row, and obeys the answer", async () => {
    const posts: string[] = [];
    const notify = async ({ title }: { title: string }) => void posts.push(title);
    const services = await install(await openStore(kind), { notifier: { name: "test", notify } });
    await lookAtStore(services);
    await fill(services, 5);
    for (let made = 0; made < 21; made++) await put(services, "media-private");

    const [first, second] = await sweepFor(services, [2, 8]);
    expect([first?.asks, second?.asks, second?.orphans]).toEqual([true, true, 0]);
    expect(posts).toEqual(["21 of 26 stored objects belong to no row"]);
    expect((await findings(services)).strays).toMatchObject({ undecided: 21, asks: true });
    const admin = await callerFor(services, await createTestUser(services, "admin"));

    expect(await admin.storage.decideStrays({ decision: "keep" })).toEqual({ count: 21 });
    const [kept] = await sweepFor(services, [1]);
    expect(kept).toMatchObject({ asks: false, orphans: 0, strays: 21 });
    await services.db.stray.updateMany({ data: { decision: null } });
    expect((await sweepFor(services, [1]))[0]).toMatchObject({ asks: true, orphans: 0 });
    await admin.storage.decideStrays({ decision: "delete" });
    expect((await sweepFor(services, [1]))[0]).toMatchObject({ asks: false, orphans: 21 });
    expect(await countIn(services)).toBe(5);
  });

  test("deletes nothing in another installation's store, and says so", async () => {
    const objects = await openStore(kind);
    const first = await install(objects);
    await lookAtStore(first);
    await fill(first, 4);
    const second = await install(objects);
    await lookAtStore(second);
    const own = await fill(second, 1);
    const outcomes = await sweepFor(second, [2, 8, 8]);
    for (const { refused, orphans } of outcomes) {
      expect([refused, orphans]).toEqual([expect.stringMatching(/belongs to installation/), 0]);
    }
    const { owner } = await findings(second);
    expect(owner).toMatchObject({
      standing: "foreign",
      foundId: (await lookAtStore(first)).installationId,
      problem: { remedy: expect.stringContaining("npx fermata storage adopt") },
    });
    expect(await countIn(first)).toBe(5);
    // Its own rows are its own to delete.
    await second.db.media.deleteMany({ where: { key: { in: own } } });
    await emptyDeletions(jobContext(second));
    expect(await countIn(first)).toBe(4);
  });

  test("an empty database beside a full store without a mark takes nothing for its own", async () => {
    const objects = await openStore(kind);
    const lost = await install(objects);
    await fill(lost, 4);
    const fresh = await install(objects);
    expect(await lookAtStore(fresh)).toMatchObject({ standing: "unproven" });
    await sweepFor(fresh, [2, 8]);
    await fill(fresh, 2);
    expect((await sweepFor(fresh, [2, 8]))[1]).toMatchObject({ orphans: 0 });
    expect(await objects.readMarks()).toEqual(expect.arrayContaining([null]));
    expect(await countIn(fresh)).toBe(6);
    // Those of before are asked about, however long ago they were seen.
    await adoptStore(fresh);
    expect((await sweepFor(fresh, [2, 8, 8])).at(-1)).toMatchObject({ orphans: 0, strays: 4 });
    expect(await countIn(fresh)).toBe(6);
  });

  test("a store of the release before, without a mark, is taken over where rows and objects agree", async () => {
    const services = await install(await openStore(kind));
    await fill(services, 20);
    await put(services, "media-private");
    expect(await lookAtStore(services)).toMatchObject({ standing: "ours", bornHere: false });
    // What was there before the mark is nobody's to delete unasked.
    expect((await sweepFor(services, [2, 8]))[1]).toMatchObject({ orphans: 0, strays: 1 });
  });

  test("a copied database deletes nothing, not even what its own outbox holds", async () => {
    const objects = await openStore(kind);
    const original = await install(objects);
    await lookAtStore(original);
    const [key = ""] = await fill(original, 3);
    await lookAtStore(original);
    const copy = await install(objects);
    await copyRows(original, copy);
    expect(await lookAtStore(copy)).toMatchObject({ standing: "copied", holdsBack: true });
    await copy.db.media.deleteMany({ where: { key } });
    await sweepFor(copy, [2, 8]);
    expect(await countIn(original)).toBe(3);

    // Whoever takes it over has it: the other finds it foreign.
    await adoptStore(copy);
    expect(await lookAtStore(copy)).toMatchObject({ standing: "ours", holdsBack: false });
    expect(await lookAtStore(original)).toMatchObject({ standing: "foreign", holdsBack: true });
    await original.db.media.deleteMany();
    await emptyDeletions(jobContext(original));
    expect(await countIn(original)).toBe(3);
  });

  test("an older state of the database deletes nothing that came after it", async () => {
    const objects = await openStore(kind);
    const services = await install(objects);
    await lookAtStore(services);
    await fill(services, 2);
    const before = await services.db.installation.findUniqueOrThrow({ where: { id: "self" } });
    await sweepFor(services, [1]);
    const newer = await fill(services, 2);
    // As after a restore: the rows and the counter are of then.
    await services.db.$executeRaw`ALTER TABLE "Media" DISABLE TRIGGER ALL`;
    await services.db.media.deleteMany({ where: { key: { in: newer } } });
    await services.db.installation.update({
      where: { id: "self" },
      data: { turn: before.turn },
    });
    const outcomes = await sweepFor(services, [2, 8]);
    expect(outcomes.map(({ refused }) => refused)).toEqual([
      expect.stringMatching(/newer state/),
      expect.stringMatching(/newer state/),
    ]);
    await adoptStore(services);
    await sweepFor(services, [2, 8, 8]);
    for (const key of newer) expect(await objects.head("media-private", key)).not.toBeNull();
  });
});

test("media that a restored database does not know are kept, and become rows again", async () => {
  for (const kind of storeKinds) {
    const services = await install(await openStore(kind));
    await lookAtStore(services);
    const server = await serveBytesOf(services);
    open.push(server.close);
    const user = await createTestUser(services);
    const me = await callerFor(services, user);
    const admin = await callerFor(services, await createTestUser(services, "admin"));
    const bytes = sampleOf("mp4", 3000);
    const upload = await me.storage.createMultipartUpload({
      filename: "première.mp4",
      contentType: "video/mp4",
      sizeBytes: bytes.length,
    });
    const { urls } = await me.storage.signParts({ key: upload.key, parts: [{ partNumber: 1 }] });
    const [part] = urls;
    const url = kind === "disk" ? server.at(part?.url ?? "") : (part?.url ?? "");
    const headers = { ...part?.headers, "content-length": String(bytes.length) };
    const answer = await httpRequest(url, { method: "PUT", headers, body: bytes });
    const parts = [{ partNumber: 1, etag: String(answer.headers.etag) }];
    const { key } = await me.storage.completeMultipartUpload({ key: upload.key, parts });
    await services.db.$executeRaw`ALTER TABLE "Media" DISABLE TRIGGER ALL`;
    await services.db.media.deleteMany();
    await services.db.usage.deleteMany();
    await services.db.$executeRaw`ALTER TABLE "Media" ENABLE TRIGGER ALL`;

    expect((await sweepFor(services, [2, 8]))[1]).toMatchObject({ orphans: 0, strays: 1 });
    expect(await admin.storage.recover({ limit: 100 })).toMatchObject({
      found: [{ key, filename: "première.mp4", sizeBytes: 3000, adopted: false }],
    });
    await admin.storage.recover({ limit: 100, adopt: true });
    expect(await me.storage.getMetadata({ key })).toMatchObject({
      status: "ready",
      filename: "première.mp4",
      visibility: "public",
    });
    expect((await me.storage.usage()).usedBytes).toBe(3000);
    expect((await sweepFor(services, [8]))[0]).toMatchObject({ strays: 0 });
  }
});

/** As a dump that was read into another database. */
async function copyRows(from: Services, to: Services): Promise<void> {
  await to.db.user.createMany({ data: await from.db.user.findMany() });
  const media = await from.db.media.findMany({ omit: { ruleInput: true } });
  await to.db.media.createMany({ data: media });
  await to.db.installation.createMany({ data: await from.db.installation.findMany() });
}

test("an upload in parts whose beginning nobody heard of is aborted after a day, and one of a row goes on", async () => {
  const objects = await openStore("disk");
  const services = await install(objects);
  await lookAtStore(services);
  const { id: userId } = await createTestUser(services);
  const facts = { contentType: "video/mp4" };
  const [lost, known] = [newId(), newId()];
  const lostUpload = await objects.createMultipartUpload("media-private", lost, facts);
  const uploadId = await objects.createMultipartUpload("media-private", known, facts);
  // The caller asked again for the same key, and that one is known.
  const second = await objects.createMultipartUpload("media-private", lost, facts);
  for (const [key, id] of [
    [known, uploadId],
    [lost, second],
  ] as const) {
    await services.db.media.create({
      data: { ...readyRow(userId), key, status: "pending", uploadId: id },
    });
  }
  const open = async () =>
    (await objects.listMultipartUploads("media-private", { limit: 10 }))?.items
      .map((upload) => upload.uploadId)
      .sort();
  expect(await open()).toEqual([lostUpload, uploadId, second].sort());
  expect((await sweepFor(services, [0.5]))[0]).toMatchObject({ uploads: 0 });
  expect((await sweepFor(services, [1]))[0]).toMatchObject({ uploads: 1 });
  expect(await open()).toEqual([uploadId, second].sort());
  // In pages, each once.
  const first = await objects.listMultipartUploads("media-private", { limit: 1 });
  const cursor = first?.nextCursor ?? "";
  const rest = await objects.listMultipartUploads("media-private", { limit: 5, cursor });
  expect(
    [...(first?.items ?? []), ...(rest?.items ?? [])].map((one) => one.uploadId).sort(),
  ).toEqual([uploadId, second].sort());
});
