import sharp from "sharp";
import { expect, test } from "vitest";
import { sampleFile } from "../testing/media-corpus";
import { takeFrame } from "./take-frame";

test.each(["ftyp", "free"])("a film that begins with %s has its picture", async (first) => {
  const bytes = Buffer.from(await sampleFile("bars.mp4"));
  bytes.write(first, 4, "latin1");
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  const picture = await takeFrame({ sizeBytes: bytes.length, durationSeconds: null, read });
  expect(picture && (await sharp(picture).metadata())).toMatchObject({ format: "webp" });
});

test("what is no film has none", async () => {
  for (const bytes of [await sampleFile("tone.m4a"), Buffer.from("no film at all")]) {
    const read = async (start: number, end: number) => bytes.subarray(start, end);
    const clip = { sizeBytes: bytes.length, durationSeconds: null, read };
    expect(await takeFrame(clip)).toBeNull();
  }
});
