import { randomBytes } from "node:crypto";

const beginnings = {
  png: Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex"),
  jpeg: Buffer.from("ffd8ffe000104a46494600010100000100010000", "hex"),
  gif: Buffer.from("GIF89a\x01\x00\x01\x00\x80\x00\x00", "latin1"),
  mp4: Buffer.from(
    "0000002066747970 69736f6d00000200 69736f6d69736f32 617663316d703431".replaceAll(" ", ""),
    "hex",
  ),
  pdf: Buffer.from("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "latin1"),
};

/** Bytes that begin as a format does, and go on with noise: enough for whoever looks at signatures. */
export function sampleOf(format: keyof typeof beginnings, sizeBytes = 2_000): Buffer {
  const start = beginnings[format];
  return Buffer.concat([start, randomBytes(Math.max(0, sizeBytes - start.length))]).subarray(
    0,
    sizeBytes,
  );
}
