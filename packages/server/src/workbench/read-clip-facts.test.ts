import { describe, expect, test } from "vitest";
import { browserRecording } from "../testing/recorded-clips";
import { readClipFacts } from "./read-clip-facts";

function factsOf(bytes: Buffer) {
  let readBytes = 0;
  const read = async (start: number, end: number) => {
    readBytes += end - start;
    return bytes.subarray(start, end);
  };
  return readClipFacts({ sizeBytes: bytes.length, read }).then((facts) => ({ facts, readBytes }));
}

test("a long recording without a duration gives its facts, and its duration from its end", async () => {
  const { facts, readBytes } = await factsOf(
    browserRecording({ seconds: 70, frameBytes: 1024 * 1024 }),
  );
  expect(facts).toMatchObject({ widthPx: 640, heightPx: 480, codec: "vp8" });
  expect(facts?.durationSeconds).toBeCloseTo(69, 0);
  expect(readBytes).toBeLessThan(16 * 1024 * 1024);
});

test("the duration is from the first picture on, whenever the clock began", async () => {
  const { facts } = await factsOf(
    browserRecording({ seconds: 5, frameBytes: 1000, startSeconds: 100 }),
  );
  expect(facts?.durationSeconds).toBeCloseTo(4, 0);
});

test("a torn film still tells its size and codec where its tracks are whole", async () => {
  const whole = browserRecording({ seconds: 20, frameBytes: 50_000 });
  const { facts } = await factsOf(whole.subarray(0, 333_333));
  expect(facts).toMatchObject({ widthPx: 640, heightPx: 480, codec: "vp8" });
});

test("what the store says of a read is thrown, whatever the library makes of it", async () => {
  const clip = browserRecording({ seconds: 20, frameBytes: 1024 * 1024 });
  const read = async (start: number, end: number) => {
    if (start > 10_000_000) throw new Error("connect ECONNRESET");
    return clip.subarray(start, end);
  };
  await expect(readClipFacts({ sizeBytes: clip.length, read })).rejects.toThrow("ECONNRESET");
});

test("a playlist is no clip: what it names is not asked for", async () => {
  const playlist = Buffer.from(
    "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:4,\nhttp://127.0.0.1:9/secret.ts\n#EXT-X-ENDLIST\n",
  );
  expect((await factsOf(playlist)).facts).toBeNull();
});

/** Frames of silence, 1,152 samples each: as many slow ones as fast ones. */
function mp3OfTwoSpeeds(frames: number): Buffer {
  // MPEG-1 layer III at 44,100 Hz, at 32 and at 320 kbit/s: 104 and 1,044 bytes.
  const slow = Buffer.concat([Buffer.from([0xff, 0xfb, 0x10, 0x00]), Buffer.alloc(100)]);
  const fast = Buffer.concat([Buffer.from([0xff, 0xfb, 0xe0, 0x00]), Buffer.alloc(1040)]);
  const half = Array.from({ length: frames / 2 });
  return Buffer.concat([...half.map(() => slow), ...half.map(() => fast)]);
}

test("an MP3 of changing speed that says no length lasts as long as its frames, behind a tag, too", async () => {
  const sound = mp3OfTwoSpeeds(400);
  const tag = Buffer.concat([Buffer.from("ID3\x04\0\0\0\0\x02\0", "latin1"), Buffer.alloc(256)]);
  for (const bytes of [sound, Buffer.concat([tag, sound])]) {
    const { facts } = await factsOf(bytes);
    expect(facts?.durationSeconds).toBeCloseTo((400 * 1152) / 44_100, 1);
  }
});

describe("sound in a codec that is not known here", () => {
  test("lasts as long as its WAV says", async () => {
    const { facts } = await factsOf(adpcmWav({ seconds: 2 }));
    expect(facts).toEqual({ durationSeconds: 2, widthPx: null, heightPx: null, codec: null });
  });

  test("lasts as far as it goes where a recorder never wrote its length", async () => {
    const wav = adpcmWav({ seconds: 2 });
    wav.writeUInt32LE(0, 56);
    expect((await factsOf(wav)).facts).toMatchObject({ durationSeconds: 2 });
  });

  test("has no facts in Ogg, and is not broken", async () => {
    const { facts } = await factsOf(speexPage());
    expect(facts).toEqual({ durationSeconds: null, widthPx: null, heightPx: null, codec: null });
  });

  test("is broken where its head is torn off", async () => {
    expect((await factsOf(adpcmWav({ seconds: 2 }).subarray(0, 30))).facts).toBeNull();
  });
});

/** Intel's ADPCM, one channel at 8 kHz, four bits a sample; its packets are silence. */
function adpcmWav({ seconds }: { seconds: number }): Buffer {
  const bytesPerSecond = 4055;
  const head = Buffer.alloc(60);
  head.write("RIFF\0\0\0\0WAVEfmt ", "latin1");
  head.writeUInt32LE(20, 16);
  head.writeUInt16LE(0x11, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(bytesPerSecond, 28);
  head.writeUInt16LE(256, 32);
  head.writeUInt16LE(4, 34);
  head.write("fact", 40, "latin1");
  head.writeUInt32LE(4, 44);
  head.write("data", 52, "latin1");
  head.writeUInt32LE(seconds * bytesPerSecond, 56);
  return Buffer.concat([head, Buffer.alloc(seconds * bytesPerSecond)]);
}

/** The first page of an Ogg stream, which names the codec. */
function speexPage(): Buffer {
  const head = Buffer.alloc(80);
  head.write("Speex   1.2", "latin1");
  const page = Buffer.alloc(28);
  page.write("OggS", "latin1");
  page[5] = 2;
  page[26] = 1;
  page[27] = head.length;
  return Buffer.concat([page, head]);
}
