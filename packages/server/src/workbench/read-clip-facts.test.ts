import { expect, test } from "vitest";
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
