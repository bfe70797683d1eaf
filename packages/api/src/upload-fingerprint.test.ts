import { createHash, randomBytes } from "node:crypto";
import { expect, test, vi } from "vitest";
import { md5HexOf, md5Of } from "./upload-checksum";
import { fingerprintOf } from "./upload-fingerprint";

const mib = 1024 * 1024;
const bytes = randomBytes(5 * mib);
const fileOf = (content: Uint8Array, lastModified = 1000) =>
  new File([new Uint8Array(content)], "film.mp4", { lastModified });

function changedAt(index: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

test("is the same for the same file, and another for another name, size, time, beginning or end", async () => {
  const own = await fingerprintOf(fileOf(bytes), "film.mp4");
  expect(own).toMatch(/^sha256-[0-9a-f]{64}$/);
  expect(await fingerprintOf(fileOf(bytes), "film.mp4")).toBe(own);
  const others = await Promise.all([
    fingerprintOf(fileOf(bytes), "other.mp4"),
    fingerprintOf(fileOf(bytes.subarray(1)), "film.mp4"),
    fingerprintOf(fileOf(bytes, 2000), "film.mp4"),
    fingerprintOf(fileOf(changedAt(10)), "film.mp4"),
    fingerprintOf(fileOf(changedAt(bytes.length - 10)), "film.mp4"),
  ]);
  expect(new Set([own, ...others]).size).toBe(6);
});

test.each([0, 1, mib - 1, mib, 3 * mib + 7])(
  "the checksum of %i bytes is their MD5",
  async (size) => {
    const content = bytes.subarray(0, size);
    const blob = new Blob([new Uint8Array(content)]);
    const expected = createHash("md5").update(content);
    expect(await md5HexOf(blob)).toBe(expected.copy().digest("hex"));
    expect(await md5Of(blob)).toBe(expected.digest("base64"));
  },
);

test("checksums that are computed at once do not mix", async () => {
  const blobs = [1, 2, 3, 4].map((n) => new Blob([new Uint8Array(bytes.subarray(0, n * mib))]));
  const hex = (_: Blob, index: number) =>
    createHash("md5")
      .update(bytes.subarray(0, (index + 1) * mib))
      .digest("hex");
  expect(await Promise.all(blobs.map((blob) => md5HexOf(blob)))).toEqual(blobs.map(hex));
});

test("without Node's hash the checksum is the same", async () => {
  const blob = new Blob([new Uint8Array(bytes)]);
  const builtin = vi.spyOn(process, "getBuiltinModule").mockReturnValue(undefined);
  try {
    const both = await Promise.all([md5Of(blob), md5Of(blob.slice(0, 10))]);
    expect(both[0]).toBe(createHash("md5").update(bytes).digest("base64"));
    expect(both[1]).toBe(createHash("md5").update(bytes.subarray(0, 10)).digest("base64"));
  } finally {
    expect(builtin).toHaveBeenCalled();
    builtin.mockRestore();
  }
});
