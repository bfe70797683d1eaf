import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { emptyDeletions } from "../../outbox/empty-deletions";
import { httpRequest } from "../../testing/http-request";
import { sampleOf } from "../../testing/sample-bytes";
import { jobContext } from "../../testing/test-context";
import { useStorage } from "../../testing/use-storage";

const lab = useStorage("S3");
const bytes = sampleOf("png", 5 * 1024 * 1024);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const terms = { direct: true, contentType: "image/png", sizeBytes: bytes.length, sha256 } as const;

const put = (
  { url, headers }: { url: string; headers: Record<string, string> },
  body: Uint8Array,
) =>
  httpRequest(url, {
    method: "PUT",
    headers: { "content-length": String(body.length), ...headers },
    body,
  });
const tell = (url: string) =>
  lab.server.request(url, {
    method: "POST",
    headers: { "content-type": "image/png", "content-length": "0", "x-fermata-stored": "1" },
  });
const inQuarantine = async () =>
  (await lab.services.objects.list("media-private", { limit: 9 })).items;

test("bytes that were put in the store become the file, once, as posted ones do", async () => {
  const { url, put: grant, maxBytes, storageId } = await lab.me.files.generateUploadUrl(terms);
  expect(maxBytes).toBe(bytes.length);
  if (!grant) throw new Error("no way to the store");
  expect((await tell(url)).text).toContain("UPLOAD_INCOMPLETE");
  expect((await put(grant, bytes.subarray(1))).status).toBe(403);
  expect((await put(grant, bytes)).status).toBe(200);
  const answer = await tell(url);
  expect(JSON.parse(answer.text)).toEqual({ storageId });
  expect(await lab.me.files.getMetadata({ storageId })).toMatchObject({
    contentType: "image/png",
    sizeBytes: bytes.length,
    sha256,
  });
  expect((await tell(url)).status).toBe(409);
  expect(await inQuarantine()).toEqual([]);
  // The URL is good for a while: what comes late is nobody's, and goes.
  expect((await put(grant, bytes)).status).toBe(200);
  lab.services.clock.advance(2 * 3600);
  await emptyDeletions(jobContext(lab.services));
  expect(await inQuarantine()).toEqual([]);
});

test("other bytes than were said are refused, and can be put again", async () => {
  const { url, put: grant } = await lab.me.files.generateUploadUrl(terms);
  if (!grant) throw new Error("no way to the store");
  const other = sampleOf("png", bytes.length);
  other[100_000] = (other[100_000] ?? 0) ^ 1;
  expect((await put(grant, other)).status).toBe(200);
  expect((await tell(url)).text).toContain("CHECKSUM_MISMATCH");
  expect((await put(grant, bytes)).status).toBe(200);
  expect((await tell(url)).status).toBe(200);
  const lie = await lab.me.files.generateUploadUrl({ ...terms, sha256: undefined });
  await put(lie.put ?? { url: "", headers: {} }, Buffer.alloc(bytes.length, "<html>"));
  expect((await tell(lie.url)).text).toContain("UNSUPPORTED_MEDIA_TYPE");
  expect(await inQuarantine()).toEqual([]);
});

test("whoever does not ask is told what gets through to the server", async () => {
  lab.services.config.maxBodyBytes = 4_500_000;
  expect(await lab.me.files.generateUploadUrl()).toMatchObject({ maxBytes: 4_500_000 });
  const small = await lab.me.files.generateUploadUrl({ sizeBytes: 1000 });
  expect(small).toMatchObject({ maxBytes: 1000 });
  expect(small.put).toBeUndefined();
});
