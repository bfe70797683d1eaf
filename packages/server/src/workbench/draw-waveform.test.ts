import { expect, test } from "vitest";
import { drawWaveform } from "./draw-waveform";
import { peakCount } from "./waveform-peaks";

const sampleRate = 8000;

/** Sound of 16 bits whose loudness is told for each second. */
function wavOf(loudness: number[]): Buffer {
  const header = Buffer.alloc(44);
  const data = new Int16Array(loudness.length * sampleRate);
  for (let index = 0; index < data.length; index++) {
    const loud = loudness[Math.floor(index / sampleRate)] ?? 0;
    data[index] = (index % 2 === 0 ? 1 : -1) * loud * 32767;
  }
  header.write("RIFF", 0, "latin1");
  header.writeUInt32LE(36 + data.byteLength, 4);
  header.write("WAVEfmt ", 8, "latin1");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "latin1");
  header.writeUInt32LE(data.byteLength, 40);
  return Buffer.concat([header, Buffer.from(data.buffer)]);
}

function drawn(bytes: Buffer, durationSeconds: number) {
  const read = async (start: number, end: number) => bytes.subarray(start, end);
  const clip = { sizeBytes: bytes.length, durationSeconds, read };
  return drawWaveform(clip).then((peaks) => peaks && [...peaks]);
}

test("a peak for each stretch, from the beginning to the end", async () => {
  const peaks = await drawn(wavOf([0, 1, 0.5, 0]), 4);
  expect(peaks).toHaveLength(peakCount);
  const quarter = (index: number) => peaks?.slice(index * 64 + 1, index * 64 + 63);
  expect(quarter(0)).toEqual(Array(62).fill(0));
  expect(quarter(1)).toEqual(Array(62).fill(255));
  expect(quarter(2)).toEqual(Array(62).fill(127));
  expect(quarter(3)).toEqual(Array(62).fill(0));
});

test("a long recording is drawn from a part of each stretch", async () => {
  const seconds = 1280;
  const bytes = wavOf(Array.from({ length: seconds }, (_, second) => (second < 640 ? 0.2 : 0.8)));
  const peaks = await drawn(bytes, seconds);
  expect(peaks?.slice(0, 128)).toEqual(Array(128).fill(51));
  expect(peaks?.slice(128)).toEqual(Array(128).fill(204));
});

test("what is no sound, and what is torn at once, has none; what is torn later is drawn so far", async () => {
  const whole = wavOf([1, 1, 1, 1]);
  expect(await drawn(Buffer.from("no container at all"), 4)).toBeNull();
  expect(await drawn(whole.subarray(0, 44), 4)).toBeNull();
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
