import { afterAll, beforeAll, expect, test } from "vitest";
import { createS3ObjectStore } from "../adapters/object-store/s3";
import { emptyDeletions } from "../outbox/empty-deletions";
import { type CountingProxy, countClassA, startCountingProxy } from "../testing/counting-proxy";
import { httpRequest } from "../testing/http-request";
import { sampleOf } from "../testing/sample-bytes";
import { startS3 } from "../testing/start-s3";
import {
  callerFor,
  createTestServices,
  createTestUser,
  jobContext,
  type TestServices,
} from "../testing/test-context";
import { expireUploads } from "./sweeps/expire-uploads";

// What an upload costs at R2: its bytes' own way into the store and the server's look at them, without processing.

const mib = 1024 * 1024;
const type = { filename: "film.bin", contentType: "application/octet-stream" };

let proxy: CountingProxy;
let services: TestServices;
let me: Awaited<ReturnType<typeof callerFor>>["storage"];
let closeStore: () => Promise<void>;

beforeAll(async () => {
  const s3 = await startS3();
  proxy = await startCountingProxy(s3.config.endpoint);
  const { pathname } = new URL(s3.config.endpoint);
  const endpoint = proxy.origin + pathname;
  services = await createTestServices({
    objects: createS3ObjectStore({ ...s3.config, endpoint }),
  });
  me = (await callerFor(services, await createTestUser(services))).storage;
  closeStore = s3.close;
});
afterAll(async () => {
  await services.dispose();
  await proxy.close();
  await closeStore();
});

const put = (url: string, headers: Record<string, string>, body: Uint8Array) =>
  httpRequest(url, {
    method: "PUT",
    headers: { ...headers, "content-length": String(body.byteLength) },
    body,
  });

/** All that follows an upload, until nothing of it is left to do. */
async function letTimePass(): Promise<void> {
  services.clock.advance(7 * 86_400);
  await expireUploads(jobContext(services));
  await emptyDeletions(jobContext(services));
}

test.each([
  ["public", 2],
  ["private", 1],
] as const)("one PUT of %s media costs %i operations of class A", async (visibility, cost) => {
  const body = sampleOf("mp4", 50_000);
  proxy.take();
  const { key, uploadUrl, headers } = await me.getUploadUrl({
    ...type,
    sizeBytes: body.length,
    visibility,
  });
  expect((await put(uploadUrl, headers, body)).status).toBe(200);
  await me.completeUpload({ key });
  await me.completeUpload({ key });
  await letTimePass();
  const operations = proxy.take();
  expect(countClassA(operations)).toBe(cost);
  expect(operations).toEqual([
    "PutObject",
    "GetObject",
    // What becomes public is looked through for the place where it was taken, and copied.
    ...(visibility === "public"
      ? ["GetObject", "GetObject", "HeadObject", "CopyObject", "DeleteObject"]
      : []),
  ]);
});

test("an upload in parts costs its parts, its beginning and its end, whatever its visibility", async () => {
  for (const visibility of ["public", "private"] as const) {
    const body = sampleOf("mp4", 17 * mib);
    proxy.take();
    const input = { ...type, sizeBytes: body.length, visibility };
    const { key, partSizeBytes, partCount } = await me.createMultipartUpload(input);
    const parts = [];
    for (let partNumber = 1; partNumber <= partCount; partNumber++) {
      const { urls } = await me.signParts({ key, parts: [{ partNumber }] });
      const part = body.subarray((partNumber - 1) * partSizeBytes, partNumber * partSizeBytes);
      const answer = await put(urls[0]?.url ?? "", urls[0]?.headers ?? {}, part);
      parts.push({ partNumber, etag: String(answer.headers.etag) });
    }
    await me.listParts({ key });
    await me.completeMultipartUpload({ key, parts });
    await letTimePass();
    const operations = proxy.take();
    expect(countClassA(operations)).toBe(partCount + 2);
    // Nothing is copied, and no store is asked which parts it has.
    expect(operations.filter((operation) => operation !== "UploadPart")).toEqual([
      "CreateMultipartUpload",
      "CompleteMultipartUpload",
      "GetObject",
      ...(visibility === "public" ? ["GetObject", "GetObject"] : []),
    ]);
  }
});

test("an upload that is given up costs no more than what it sent", async () => {
  proxy.take();
  const { key } = await me.createMultipartUpload({ ...type, sizeBytes: 17 * mib });
  await me.abortUpload({ key });
  await letTimePass();
  expect(countClassA(proxy.take())).toBe(1);
});
