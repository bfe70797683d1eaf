import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../ground/db";
import { emptyDeletions } from "../outbox/empty-deletions";
import { appCode, openFileLab, png } from "../testing/file-lab";
import { silentLog } from "../testing/silent-log";
import { jobContext, requestContext } from "../testing/test-context";
import { receiveUpload } from "./receiving/receive-upload";
import { wholeBytes } from "./receiving/store-whole";
import { purgeExpiredGrants } from "./verbs/purge-expired-grants";

const lab = await openFileLab();
const { services, me, post, storedKeys } = lab;
/** As a second process has: what is known of uploads under way is known to one pool. */
const elsewhere = openDatabase({
  url: services.pool.options.connectionString ?? "",
  log: silentLog,
});
afterAll(async () => {
  await elsewhere.close();
  await lab.close();
});

const type = { "content-type": "image/png" };
const granted = async () => {
  const { url } = await me.files.generateUploadUrl();
  const row = await services.db.file.findFirstOrThrow({ orderBy: { createdAt: "desc" } });
  return { url, token: url.split("/").at(-1) ?? "", row };
};
const bodyOf = (bytes: Uint8Array) => ({
  headers: new Headers({ ...type, "content-length": String(bytes.length) }),
  body: new Blob([new Uint8Array(bytes)]).stream(),
});

test("a small body lies under the key that its row had from the beginning", async () => {
  const { url, row } = await granted();
  expect((await post(url, png(wholeBytes), type)).status).toBe(200);
  const { objectKey, status } = await services.db.file.findUniqueOrThrow({ where: { id: row.id } });
  expect([objectKey, status]).toEqual([row.objectKey, "ready"]);
});

test("bytes of an attempt that died before its row was ready are replaced, and deleted", async () => {
  const { url, row } = await granted();
  await services.objects.put("files", row.objectKey, png(2000), { contentType: "image/png" });
  expect((await post(url, png(3000), type)).status).toBe(200);
  const after = await services.db.file.findUniqueOrThrow({ where: { id: row.id } });
  expect(after).toMatchObject({ status: "ready", sizeBytes: 3000 });
  expect(after.objectKey).not.toBe(row.objectKey);
  await emptyDeletions(jobContext(services));
  const keys = await storedKeys();
  expect(keys).toContain(after.objectKey);
  expect(keys).not.toContain(row.objectKey);
});

test("bytes of an attempt that died go with its row, when nobody tries again", async () => {
  const { row } = await granted();
  await services.objects.put("files", row.objectKey, png(2000), { contentType: "image/png" });
  services.clock.advance(2 * 3600);
  await purgeExpiredGrants(jobContext(services));
  await emptyDeletions(jobContext(services));
  expect(await storedKeys()).not.toContain(row.objectKey);
});

test("of many in two processes who use one URL at once, one stores a file", async () => {
  const { token, row } = await granted();
  const before = (await storedKeys()).length;
  const here = await requestContext(services);
  const there = { ...here, pool: elsewhere.pool };
  const answers = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => {
      // Large and small ones, as they take the row in different ways.
      const request = bodyOf(png(index % 5 === 0 ? wholeBytes + 1 : 5_000));
      return receiveUpload(index % 2 === 0 ? here : there, { request, token });
    }),
  );
  const stored = answers.filter(({ status }) => status === "fulfilled");
  expect(stored).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status === "rejected") {
      expect(answer.reason).toMatchObject({ code: "UPLOAD_ALREADY_USED" });
    }
  }
  await emptyDeletions(jobContext(services));
  expect(await storedKeys()).toHaveLength(before + 1);
  const { status, objectKey } = await services.db.file.findUniqueOrThrow({ where: { id: row.id } });
  expect(status).toBe("ready");
  expect(await storedKeys()).toContain(objectKey);
});

test("a URL used first in another process is this one's to know", async () => {
  const here = await requestContext(services);
  const there = { ...here, pool: elsewhere.pool };
  const before = await storedKeys();

  const tried = await granted();
  const liar = bodyOf(Buffer.alloc(wholeBytes + 1, "not a picture"));
  const refused = receiveUpload(there, { request: liar, token: tried.token });
  await expect(refused).rejects.toMatchObject({ code: "UNSUPPORTED_MEDIA_TYPE" });
  const { storageId } = await receiveUpload(here, {
    request: bodyOf(png(3000)),
    token: tried.token,
  });
  expect(storageId).toBe(tried.row.id);

  const used = await granted();
  await receiveUpload(there, { request: bodyOf(png(4000)), token: used.token });
  const late = receiveUpload(here, { request: bodyOf(png(5000)), token: used.token });
  await expect(late).rejects.toMatchObject({
    code: "UPLOAD_ALREADY_USED",
    details: { storageId: used.row.id },
  });

  const withdrawn = await granted();
  await services.db.file.delete({ where: { id: withdrawn.row.id } });
  const lost = receiveUpload(here, { request: bodyOf(png(6000)), token: withdrawn.token });
  await expect(lost).rejects.toMatchObject({ code: "NOT_FOUND" });

  await emptyDeletions(jobContext(services));
  const rows = await services.db.file.findMany({
    where: { id: { in: [tried.row.id, used.row.id] }, status: "ready" },
  });
  const added = (await storedKeys()).filter((key) => !before.includes(key));
  expect(added.toSorted()).toEqual(rows.map(({ objectKey }) => objectKey).toSorted());
});

test("a small body that is refused leaves its URL good, and no bytes", async () => {
  const { url } = await granted();
  const before = await storedKeys();
  const refused = await post(url, "<html>", type);
  expect(appCode(refused)).toBe("UNSUPPORTED_MEDIA_TYPE");
  expect(await storedKeys()).toEqual(before);
  expect((await post(url, png(), type)).status).toBe(200);
});

test("many at once of one user share statements, and each is settled as itself", async () => {
  const sizes = Array.from({ length: 40 }, (_, index) => 1000 + index);
  const urls = await Promise.all(sizes.map(async () => (await me.files.generateUploadUrl()).url));
  const answers = await Promise.all(urls.map((url, index) => post(url, png(sizes[index]), type)));
  const rows = await services.db.file.findMany({
    where: { id: { in: answers.map(({ text }) => JSON.parse(text).storageId) } },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const [index, { text }] of answers.entries()) {
    expect(byId.get(JSON.parse(text).storageId)).toMatchObject({
      status: "ready",
      sizeBytes: sizes[index],
    });
  }
});
