import { expect, test } from "vitest";
import { sampleFile } from "../testing/media-corpus";
import { aiffOf } from "../testing/sample-aiff";
import { flacOf } from "../testing/sample-flac";
import { wavOf, withoutLengths } from "../testing/sample-wav";
import { drawWaveform } from "./draw-waveform";
import { readClipFacts } from "./read-clip-facts";
import { peakCount } from "./waveform-peaks";

const sampleRate = 8000;

/** Sound of 16 bits whose loudness is told for each second. */
function loudWav(loudness: number[]): Buffer {
  const data = new Int16Array(loudness.length * sampleRate);
  for (let index = 0; index < data.length; index++) {
    const loud = loudness[Math.floor(index / sampleRate)] ?? 0;
    data[index] = (index % 2 === 0 ? 1 : -1) * loud * 32767;
  }
  const plain = { tag: 1, bytesPerSecond: sampleRate * 2, blockBytes: 2, bits: 16 };
  return wavOf({ ...plain, data: Buffer.from(data.buffer) });
}

function drawn(bytes: Buffer, durationSeconds: number) {
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  const clip = { sizeBytes: bytes.length, durationSeconds, read };
  return drawWaveform(clip).then((peaks) => peaks && [...peaks]);
}

test("a peak for each stretch, from the beginning to the end", async () => {
  const peaks = await drawn(loudWav([0, 1, 0.5, 0]), 4);
  expect(peaks).toHaveLength(peakCount);
  const quarter = (index: number) => peaks?.slice(index * 64 + 1, index * 64 + 63);
  expect(quarter(0)).toEqual(Array(62).fill(0));
  expect(quarter(1)).toEqual(Array(62).fill(255));
  expect(quarter(2)).toEqual(Array(62).fill(127));
  expect(quarter(3)).toEqual(Array(62).fill(0));
});

test("a long recording is drawn from a part of each stretch", async () => {
  const seconds = 1280;
  const bytes = loudWav(Array.from({ length: seconds }, (_, second) => (second < 640 ? 0.2 : 0.8)));
  const peaks = await drawn(bytes, seconds);
  expect(peaks?.slice(0, 128)).toEqual(Array(128).fill(51));
  expect(peaks?.slice(128)).toEqual(Array(128).fill(204));
});

test("what a decoder puts out stands where it was, however many packets it holds back", async () => {
  const peaks = await drawn(await sampleFile("loud-soft-silent-24-bit.flac"), 3);
  const middle = (second: number) => peaks?.slice(second * 85 + 2, second * 85 + 83);
  // From its very first packet.
  expect(peaks?.slice(0, 2)).toEqual([229, 229]);
  expect([0, 1, 2].map(middle)).toEqual([229, 102, 0].map((peak) => Array(81).fill(peak)));
});

test("FLAC of a rate in kilohertz, which the library does not know, is drawn", async () => {
  const loudness = Array.from({ length: 20 }, (_, frame) => (frame < 10 ? 0.2 : 0.8));
  const bytes = flacOf({ loudness, sampleRate: 192_000, blockSize: 19_200 });
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  expect(await readClipFacts({ sizeBytes: bytes.length, read })).toMatchObject({
    ...{ durationSeconds: 2, codec: "flac" },
  });
  const peaks = await drawn(bytes, 2);
  expect([peaks?.[2], peaks?.[120], peaks?.[130], peaks?.[250]]).toEqual([51, 51, 204, 204]);
});

test("a long FLAC is drawn as far as it goes, and past what is broken in it", async () => {
  const blockSize = 40_000;
  const loudness = Array.from({ length: 256 }, (_, frame) => (frame < 64 ? 0.2 : 0.8));
  // Each frame lasts five seconds, so that it is twenty-one minutes long.
  const whole = flacOf({ loudness, sampleRate: 8000, blockSize });
  const bytes = Buffer.from(whole.subarray(0, whole.length / 2));
  bytes.fill(0, 500, 540);
  const peaks = await drawn(bytes, 1280);
  expect([peaks?.[10], peaks?.[50], peaks?.[70], peaks?.[120]]).toEqual([51, 51, 204, 204]);
  expect(peaks?.slice(130)).toEqual(Array(126).fill(0));
});

test("Vorbis in Ogg has its own decoder", async () => {
  const peaks = await drawn(await sampleFile("loud-soft-silent-vorbis.ogg"), 3);
  const middle = (second: number) => (peaks?.[second * 85 + 40] ?? 0) / 255;
  for (const [second, loud] of [0.9, 0.4, 0].entries()) expect(middle(second)).toBeCloseTo(loud, 1);
});

test("a torn Ogg is drawn as far as its pages are whole", async () => {
  const torn = (await sampleFile("loud-soft-silent-vorbis.ogg")).subarray(0, -100);
  const read = async (start: number, end: number) => torn.subarray(start, end);
  const { durationSeconds } = (await readClipFacts({ sizeBytes: torn.length, read })) ?? {};
  expect(durationSeconds).toBeCloseTo(1, 1);
  expect((await drawn(torn, 1))?.[128]).toBeGreaterThan(200);
});

test.each([
  ["8 bits", { bits: 8 }, "pcm-u8"],
  ["16 bits", { bits: 16 }, "pcm-s16"],
  ["24 bits", { bits: 24 }, "pcm-s24"],
  ["32 bits", { bits: 32 }, "pcm-s32"],
  ["the other way round", { bits: 16, coding: "sowt" }, "pcm-s16"],
  ["fractions", { bits: 32, coding: "fl32" }, "pcm-f32"],
] as const)("AIFF in %s is sound as any other", async (_, kind, codec) => {
  const bytes = aiffOf({ loudness: [0.2, 0.8, 0, 0.4], ...kind });
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  expect(await readClipFacts({ sizeBytes: bytes.length, read })).toEqual({
    ...{ durationSeconds: 4, widthPx: null, heightPx: null, codec },
  });
  const peaks = await drawn(bytes, 4);
  const found = [30, 94, 158, 222].map((at) => (peaks?.[at] ?? 0) / 255);
  for (const [second, loud] of [0.2, 0.8, 0, 0.4].entries())
    expect(found[second]).toBeCloseTo(loud, 1);
});

test.each([
  { data: 0 },
  { data: 0xffff_ffff },
  { form: 0 },
  { form: 0, data: 0 },
  { form: 0xffff_ffff, data: 0xffff_ffff },
])(
  "a recorder that was stopped leaves a WAV without lengths, drawn to its end: %o",
  async (lengths) => {
    const bytes = withoutLengths(loudWav([0.2, 0.8]), lengths);
    const read = async (start: number, end: number) => bytes.subarray(start, end);
    expect(await readClipFacts({ sizeBytes: bytes.length, read })).toMatchObject({
      ...{ durationSeconds: 2, codec: "pcm-s16" },
    });
    const peaks = await drawn(bytes, 2);
    expect([peaks?.[60], peaks?.[190]]).toEqual([51, 204]);
  },
);

test("a WAV that was meant to have no sound has none", async () => {
  const note = Buffer.from("LIST\x04\0\0\0INFO", "latin1");
  const bytes = Buffer.concat([loudWav([]), note]);
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  expect(await readClipFacts({ sizeBytes: bytes.length, read })).toMatchObject({
    durationSeconds: 0,
  });
});

test("AIFF that is compressed, or cut off before its samples, is left as it is", async () => {
  const whole = aiffOf({ loudness: [1], bits: 16 });
  expect(await drawn(aiffOf({ loudness: [1], bits: 16, coding: "ima4" }), 1)).toBeNull();
  for (const length of [4, 12, 20, 50])
    expect(await drawn(whole.subarray(0, length), 1)).toBeNull();
});

test("what is no sound, and what is torn at once, has none; what is torn later is drawn so far", async () => {
  const whole = loudWav([1, 1, 1, 1]);
  expect(await drawn(Buffer.from("no container at all"), 4)).toBeNull();
  expect(await drawn(whole.subarray(0, 48), 4)).toBeNull();
  const torn = await drawn(whole.subarray(0, whole.length / 2), 4);
  expect([torn?.[10], torn?.[250]]).toEqual([255, 0]);
});

test("what the store says of a read is thrown", async () => {
  const read = async () => {
    throw new Error("connect ECONNRESET");
  };
  await expect(drawWaveform({ sizeBytes: 1000, durationSeconds: 4, read })).rejects.toThrow(
    "ECONNRESET",
  );
});
