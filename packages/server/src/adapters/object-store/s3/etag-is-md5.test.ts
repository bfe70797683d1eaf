import { expect, test } from "vitest";
import { storeThatSays } from "../../../testing/answering-store";

const xml = (name: string, inside: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</${name}>`;
const opened = xml("InitiateMultipartUploadResult", "<UploadId>one</UploadId>");
const facts = { contentType: "video/mp4" };

test.each([
  ["says nothing of encryption", undefined, true],
  ["encrypts with keys of its own", "AES256", true],
  ["encrypts with keys of KMS", "aws:kms", false],
  ["encrypts twice with keys of KMS", "aws:kms:dsse", false],
])("a store that %s", async (_, encryption, etagIsMd5) => {
  const headers: Record<string, string> = encryption
    ? { "x-amz-server-side-encryption": encryption }
    : {};
  const { store } = await storeThatSays([{ status: 200, body: opened, headers }]);
  expect(store.etagIsMd5).toBe(true);
  await store.createMultipartUpload("media-private", "key", facts);
  expect(store.etagIsMd5).toBe(etagIsMd5);
});

test.each([
  [`"${"0a".repeat(16)}-2"`, true],
  [`"${"0a".repeat(16)}"`, false],
  ['"0x8DB7A"', false],
])("a store that names what was made of parts %s", async (etag, etagIsMd5) => {
  const body = xml("CompleteMultipartUploadResult", `<ETag>${etag}</ETag>`);
  const { store } = await storeThatSays([{ status: 200, body }]);
  const parts = [{ partNumber: 1, etag: '"one"' }];
  expect(await store.completeMultipartUpload("media-private", "key", "one", parts)).toEqual({
    etag,
  });
  expect(store.etagIsMd5).toBe(etagIsMd5);
});
