import { describe, expect, test } from "vitest";
import { newId } from "../../ground/secrets";
import { startS3 } from "../../testing/start-s3";
import { describeObjectStore } from "./conformance";
import { createS3ObjectStore } from "./s3";

describeObjectStore("S3 (the R2 simulator)", async () => {
  const s3 = await startS3();
  return { store: createS3ObjectStore(s3.config), origin: "http://unused.test", close: s3.close };
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

test("a store that is away is UPSTREAM_UNAVAILABLE, not an error of ours", async () => {
  const s3 = await startS3();
  const store = createS3ObjectStore(s3.config);
  await s3.close();
  await expect(store.head("files", newId())).rejects.toMatchObject({
    code: "UPSTREAM_UNAVAILABLE",
    details: { service: "object store" },
  });
});
