import { limits } from "@fermata/contract";
import { afterAll, expect, test } from "vitest";
import { appCode, openFileLab, png } from "../../testing/file-lab";

const lab = await openFileLab();
const { me, other, post } = lab;
afterAll(() => lab.close());

const reserved = async () => (await me.files.usage()).reservedBytes;

test.each([
  ["a small body", Buffer.alloc(2_000)],
  ["a large one", Buffer.alloc(400_000)],
])("%s that is refused reserves nothing, and its URL can be used again", async (_, nulls) => {
  const { url } = await me.files.generateUploadUrl();
  expect(await reserved()).toBe(limits.files.maxBytes);
  expect((await post(url, nulls, { "content-type": "text/csv" })).status).toBe(415);
  expect(await reserved()).toBe(0);
  expect((await post(url, nulls, { "content-type": "text/csv" })).status).toBe(415);
  expect((await post(url, png(), { "content-type": "image/png" })).status).toBe(200);
  expect(await reserved()).toBe(0);
});

test.each([
  ["of a type that browsers run", { "content-type": "text/html" }, png(), 415],
  ["in a form", { "content-type": "multipart/form-data; boundary=x" }, png(), 415],
  ["of another type than the grant's", { "content-type": "audio/mpeg" }, png(), 415],
  ["that is longer than the grant", { "content-type": "image/png" }, png(3_000), 413],
  ["that is longer, and large", { "content-type": "image/png" }, png(400_000), 413],
])(
  "what is refused by its headers, %s, reserves nothing either",
  async (_, headers, body, status) => {
    const { url } = await me.files.generateUploadUrl({
      contentType: "image/png",
      sizeBytes: 2_000,
    });
    expect((await post(url, body, headers)).status).toBe(status);
    expect(await reserved()).toBe(0);
    expect((await post(url, png(2_000), { "content-type": "image/png" })).status).toBe(200);
  },
);

test("what is longer than any file may be gives back what it reserved", async () => {
  const { url } = await me.files.generateUploadUrl();
  const answer = await post(url, png(limits.files.maxBytes + 1), { "content-type": "image/png" });
  expect([answer.status, appCode(answer)]).toEqual([413, "PAYLOAD_TOO_LARGE"]);
  expect(await reserved()).toBe(0);
});

test("a URL that is used again reserves its room again, or finds none", async () => {
  const { filesQuotaBytes } = lab.services.config;
  const { usedBytes } = await me.files.usage();
  lab.services.config.filesQuotaBytes = usedBytes + limits.files.maxBytes;
  const first = await me.files.generateUploadUrl();
  await post(first.url, Buffer.alloc(2_000), { "content-type": "text/csv" });
  const second = await me.files.generateUploadUrl();
  for (const body of [png(), png(400_000)]) {
    const answer = await post(first.url, body, { "content-type": "image/png" });
    expect(appCode(answer)).toBe("QUOTA_EXCEEDED");
  }
  await me.files.abortUpload({ storageId: second.storageId });
  expect((await post(first.url, png(), { "content-type": "image/png" })).status).toBe(200);
  lab.services.config.filesQuotaBytes = filesQuotaBytes;
});

test("a grant that is given up reserves nothing, and its URL is dead", async () => {
  const { url, storageId } = await me.files.generateUploadUrl();
  await other.files.abortUpload({ storageId });
  expect(await reserved()).toBe(limits.files.maxBytes);
  await me.files.abortUpload({ storageId });
  await me.files.abortUpload({ storageId });
  expect(await reserved()).toBe(0);
  expect((await post(url, png(), { "content-type": "image/png" })).status).toBe(404);
});

test("giving up what is stored changes nothing", async () => {
  const storageId = await lab.upload();
  expect(await me.files.abortUpload({ storageId })).toEqual({ aborted: true });
  expect(await me.files.getMetadata({ storageId })).not.toBeNull();
});
