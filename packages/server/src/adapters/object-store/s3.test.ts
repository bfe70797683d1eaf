import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { toAppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import { ownS3 } from "../../testing/own-s3";
import { startS3 } from "../../testing/start-s3";
import { describeObjectStore } from "./conformance";
import { createLazyS3ObjectStore } from "./lazy-s3";
import { createS3ObjectStore } from "./s3";

const own = ownS3();
describeObjectStore(own ? `S3 (${own.endpoint})` : "S3 (the R2 simulator)", async () => {
  const s3 = own ? { config: own, close: async () => {} } : await startS3();
  return {
    store: createLazyS3ObjectStore(s3.config),
    origin: "http://unused.test",
    close: s3.close,
  };
});

describe("what an S3 URL signs", () => {
  const store = createS3ObjectStore({
    endpoint: "https://account.r2.example.com",
    region: "auto",
    accessKeyId: "id",
    secretAccessKey: "secret",
    publicBucket: "public",
    privateBucket: "private",
    publicBaseUrl: "https://media.example.com/",
  });
  const grant = {
    bucket: "media-private",
    key: newId(),
    contentType: "image/png",
    ttlSeconds: 900,
    origin: "http://unused.test",
  } as const;
  const md5 = "kAFQmDzST7DWlj99KOF/cg==";

  test("names every header that bounds the grant, and no checksum of an empty body", async () => {
    const { url } = await store.signPut({
      ...grant,
      sizeBytes: 3,
      md5,
      contentDisposition: "inline",
    });
    const { searchParams, host, pathname } = new URL(url);
    expect(host + pathname).toBe(`account.r2.example.com/private/${grant.key}`);
    expect(searchParams.get("X-Amz-SignedHeaders")).toBe(
      "content-disposition;content-length;content-md5;content-type;host;if-none-match",
    );
    expect(searchParams.get("X-Amz-Expires")).toBe("900");
    expect(url).not.toMatch(/checksum|crc32/i);
  });

  test("leaves the length free only where nobody said it", async () => {
    const { url } = await store.signPut(grant);
    expect(new URL(url).searchParams.get("X-Amz-SignedHeaders")).toBe(
      "content-type;host;if-none-match",
    );
  });

  test("binds a part to its upload, number, length and checksum", async () => {
    const [signed] = await store.signParts([
      { ...grant, uploadId: "an/upload+id", partNumber: 7, sizeBytes: 8, md5 },
    ]);
    const { searchParams } = new URL(signed?.url ?? "");
    expect(searchParams.get("partNumber")).toBe("7");
    expect(searchParams.get("uploadId")).toBe("an/upload+id");
    expect(searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;content-md5;host");
  });

  test("signs a thousand parts in one call", async () => {
    const grants = Array.from({ length: 1000 }, (_, index) => ({
      ...grant,
      uploadId: "upload",
      partNumber: index + 1,
      sizeBytes: 8,
    }));
    const signed = await store.signParts(grants);
    expect(new Set(signed.map((item) => item.url)).size).toBe(1000);
  });

  test("puts the bucket into the host name where paths are not wanted", async () => {
    const hosted = createS3ObjectStore({
      endpoint: "https://s3.eu-central-1.amazonaws.com",
      region: "eu-central-1",
      accessKeyId: "id",
      secretAccessKey: "secret",
      forcePathStyle: false,
      publicBucket: "public",
      privateBucket: "private",
      filesBucket: "small",
      publicBaseUrl: "https://media.example.com",
    });
    const { url } = await hosted.signPut({ ...grant, bucket: "files" });
    expect(url).toContain(`https://small.s3.eu-central-1.amazonaws.com/${grant.key}?`);
  });

  test("reads public media on the media domain", () => {
    expect(store.publicUrl("key", "http://unused.test")).toBe("https://media.example.com/key");
  });
});

test("tells caches that public bytes never change, also of a copy", async () => {
  const s3 = await startS3();
  const store = createS3ObjectStore(s3.config);
  const client = new S3Client({
    endpoint: s3.config.endpoint,
    region: s3.config.region,
    forcePathStyle: true,
    credentials: s3.config,
  });
  const key = newId();
  const facts = { contentType: "image/png", contentDisposition: "inline" };
  await store.put("media-private", key, Buffer.from("picture"), facts);
  expect(await store.copy("media-private", "media-public", key)).toBe(true);
  const ask = new HeadObjectCommand({ Bucket: s3.config.publicBucket, Key: key });
  expect(await client.send(ask)).toMatchObject({
    CacheControl: "public, max-age=3600, immutable",
    ContentType: "image/png",
    ContentDisposition: "inline",
  });
  await store.copyPatched("media-private", "media-public", key, []);
  expect((await client.send(ask)).CacheControl).toBe("public, max-age=3600, immutable");
  await s3.close();
});

test("a folder of the buckets is a store of its own", async () => {
  const s3 = await startS3();
  const whole = createS3ObjectStore(s3.config);
  const folder = createS3ObjectStore({ ...s3.config, keyPrefix: "previews/blue/" });
  const facts = { contentType: "text/plain", contentDisposition: "inline" };
  const page = { limit: 100, cursor: undefined };
  const key = newId();
  for (const bucket of ["media-public", "media-private", "files"] as const) {
    await whole.put(bucket, key, Buffer.from("whole"), facts);
    await folder.put(bucket, key, Buffer.from("a folder's"), facts);
    for (const [store, sizeBytes] of [
      [whole, 5],
      [folder, 10],
    ] as const) {
      expect((await store.list(bucket, page)).items).toMatchObject([{ key, sizeBytes }]);
      expect(await store.head(bucket, key)).toMatchObject({ sizeBytes });
    }
  }
  expect(await folder.copy("media-private", "media-public", newId())).toBe(false);
  await folder.delete("files", key);
  expect(await whole.head("files", key)).not.toBeNull();
  await folder.writeMarks("the folder's");
  expect(new Set(await whole.readMarks())).toEqual(new Set([null]));
  expect(new Set(await folder.readMarks())).toEqual(new Set(["the folder's"]));
  const inFolder = `previews/blue/${key}`;
  expect(folder.publicUrl(key, "http://unused.test")).toMatch(new RegExp(`/${inFolder}$`));
  const { url } = await folder.signPut({
    bucket: "media-private",
    key,
    contentType: "text/plain",
    sizeBytes: 1,
    origin: "http://unused.test",
    ttlSeconds: 60,
  });
  expect(new URL(url).pathname).toMatch(new RegExp(`/${inFolder}$`));
  await s3.close();
});

test("a store that is away is UPSTREAM_UNAVAILABLE, not an error of ours", async () => {
  const s3 = await startS3();
  const store = createS3ObjectStore(s3.config);
  await s3.close();
  await expect(store.head("files", newId())).rejects.toMatchObject({
    code: "UPSTREAM_UNAVAILABLE",
    details: { service: "object store" },
  });
});

test("a store that breaks off while it is read from is the one that is named", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-length": "10", etag: '"e"' }).write("12345");
    setTimeout(() => response.destroy(), 20);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const store = createS3ObjectStore({
    endpoint: `http://127.0.0.1:${port}`,
    region: "auto",
    accessKeyId: "id",
    secretAccessKey: "secret",
    publicBucket: "public",
    privateBucket: "private",
    publicBaseUrl: "https://media.example.com",
  });
  const away = { code: "UPSTREAM_UNAVAILABLE", details: { service: "object store" } };
  const found = await store.get("files", newId());
  const told = await new Response(found?.body).arrayBuffer().catch(toAppError);
  expect(told).toMatchObject(away);
  expect(await store.readMarks().catch(toAppError)).toMatchObject(away);
});
