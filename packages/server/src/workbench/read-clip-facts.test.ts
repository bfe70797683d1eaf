import { describe, expect, test } from "vitest";
import { boxOf, numbers } from "../testing/located-clip";
import { mediaCorpus, sampleFile } from "../testing/media-corpus";
import { browserRecording } from "../testing/recorded-clips";
import { clipOf } from "../testing/sample-clip";
import { oggHeads, oggOf, opusTags } from "../testing/sample-ogg";
import { wavOf, withoutLengths } from "../testing/sample-wav";
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

/** QuickTime of before MP4, which has no box for its name; another stands in its place. */
async function unnamedFilm(first: string, indexAtEnd: boolean): Promise<Buffer> {
  const film = await clipOf({ container: "mp4", seconds: 3, indexAtEnd });
  film.write(first, 4, "latin1");
  film.fill(0, 8, film.readUInt32BE(0));
  return film;
}

test.each(["wide", "free", "skip", "pnot", "mdat"])(
  "a film that begins with %s, and does not say what it is, is read all the same",
  async (first) => {
    for (const indexAtEnd of [true, false]) {
      const { facts } = await factsOf(await unnamedFilm(first, indexAtEnd));
      expect(facts).toMatchObject({ durationSeconds: 3, widthPx: 640, codec: "vp09.00.21.08" });
    }
  },
);

test("a film may begin with its index; one without any is broken", async () => {
  const film = await clipOf({ container: "mp4", seconds: 3, indexAtEnd: true });
  const index = film.subarray(film.indexOf("moov") - 4);
  expect((await factsOf(index)).facts).toMatchObject({ durationSeconds: 3, widthPx: 640 });
  expect((await factsOf(film.subarray(film.indexOf("mdat") - 4, -index.length))).facts).toBeNull();
});

test.each([
  ["hvc1", "hvc1.1.6.L30.90"],
  ["hev1", "hev1.1.6.L30.90"],
])("HEVC is called as its container calls it: %s", async (name, codec) => {
  const film = Buffer.from(await sampleFile("bars-hevc.mp4"));
  film.write(name, film.indexOf("hvc1"), "latin1");
  expect((await factsOf(film)).facts).toMatchObject({ codec });
});

test("a codec that nothing here decodes has the name that its container gives it", async () => {
  const sound = Buffer.from(await sampleFile("tone.m4a"));
  sound.write("alac", sound.indexOf("mp4a"), "latin1");
  // Without which it is no AAC.
  sound.write("free", sound.indexOf("esds"), "latin1");
  expect((await factsOf(sound)).facts).toMatchObject({ codec: "alac" });
});

test.each(["wav", "flac", "ogg", "aac", "aiff", "mp4", "ts"])(
  "a tag for MP3 before another container is passed over: %s",
  async (name) => {
    const clip = (await mediaCorpus()).find((sample) => sample.name === name)?.bytes;
    const tag = Buffer.from("ID3\x04\0\0\0\0\x02\0", "latin1");
    const tagged = Buffer.concat([tag, Buffer.alloc(256), tag, Buffer.alloc(256), clip ?? tag]);
    const { facts } = await factsOf(tagged);
    expect(facts?.codec).toBeTruthy();
    expect(facts).toEqual((await factsOf(clip ?? tag)).facts);
  },
);

test("a tag that is wrong about its length, or all that there is, ends in no facts", async () => {
  const wrong = Buffer.concat([Buffer.from("ID3\x04\0\0\x7f\x7f\x7f\x7f"), Buffer.alloc(300)]);
  expect((await factsOf(wrong)).facts).toBeNull();
  expect((await factsOf(Buffer.from("ID3\x04\0\0\0\0\0\0"))).facts).toBeNull();
});

test("a transport stream may be cut out of a longer one, in the middle of a packet", async () => {
  const stream = (await mediaCorpus()).find(({ name }) => name === "ts")?.bytes ?? Buffer.alloc(0);
  const { facts } = await factsOf(Buffer.concat([stream, stream]).subarray(1000));
  expect(facts).toMatchObject({ codec: "mp4a.40.2" });
  expect(facts?.durationSeconds).toBeGreaterThan(0);
});

test("MPEG audio is called by its layer", async () => {
  // MPEG-1 at 44,100 Hz and 32 kbit/s, as in the third layer: 104 bytes.
  const frame = Buffer.concat([Buffer.from([0xff, 0xfd, 0x10, 0x00]), Buffer.alloc(100)]);
  const { facts } = await factsOf(Buffer.concat(Array.from({ length: 40 }, () => frame)));
  expect(facts?.codec).toBe("mp2");
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

/** A clip whose tracks say, in so many bits, that they do not know how long they are. */
async function endlessClip(bits: 32 | 64): Promise<Buffer> {
  const clip = await clipOf({ container: "mp4", seconds: 3, indexAtEnd: true });
  const at = clip.indexOf("mdhd") - 4;
  const [times, scaleAndRest] = [clip.subarray(at + 12, at + 20), clip.subarray(at + 20, at + 24)];
  const language = clip.subarray(at + 28, at + 32);
  const said = Buffer.alloc(bits / 8, 0xff);
  const wideTimes = bits === 64 ? Buffer.alloc(16) : times;
  const head = numbers(bits === 64 ? 0x0100_0000 : 0);
  const mdhd = boxOf("mdhd", head, wideTimes, scaleAndRest, said, language);
  const longer = Buffer.concat([clip.subarray(0, at), mdhd, clip.subarray(at + 32)]);
  for (const outer of ["moov", "trak", "mdia"]) {
    const sizeAt = longer.indexOf(outer) - 4;
    longer.writeUInt32BE(longer.readUInt32BE(sizeAt) + mdhd.length - 32, sizeAt);
  }
  return longer;
}

test.each([32, 64] as const)("a duration of %d ones is none: it is computed", async (bits) => {
  const { facts } = await factsOf(await endlessClip(bits));
  expect(facts).toMatchObject({ durationSeconds: 3, widthPx: 640 });
});

test("nothing lasts for months", async () => {
  const clip = await clipOf({ container: "mp4", seconds: 3, indexAtEnd: true });
  // Each of its pictures stands for a day.
  const times = clip.indexOf("stts") + 8;
  const scale = clip.readUInt32BE(clip.indexOf("mdhd") + 16);
  clip.writeUInt32BE(0, clip.indexOf("mdhd") + 20);
  clip.writeUInt32BE(Math.min(0x7fff_ffff, scale * 10 * 86_400), times + 8);
  expect((await factsOf(clip)).facts).toMatchObject({ durationSeconds: null, widthPx: 640 });
});

test("a torn Opus lasts as long as its whole pages, behind which a recorder may have set bytes aside", async () => {
  const file = oggOf([
    { packets: [oggHeads.opus], granule: 0n, isFirst: true },
    { packets: [opusTags], granule: 0n },
    // Fifty packets of twenty milliseconds in each.
    ...[1, 2, 3].map((second) => ({
      packets: Array.from({ length: 50 }, () => Buffer.alloc(20, 0x0c)),
      granule: BigInt(312 + second * 48_000),
    })),
  ]);
  expect((await factsOf(file.subarray(0, -100))).facts).toMatchObject({
    ...{ durationSeconds: 2, codec: "opus" },
  });
  const { facts, readBytes } = await factsOf(Buffer.concat([file, Buffer.alloc(300_000)]));
  expect(facts).toMatchObject({ durationSeconds: 3, codec: "opus" });
  expect(readBytes).toBeLessThan(512 * 1024);
});

describe("what is in a codec that is not known here", () => {
  const adpcm = { tag: 0x11, bytesPerSecond: 4055, blockBytes: 256, bits: 4 };
  const twoSeconds = { ...adpcm, data: Buffer.alloc(2 * 4055) };

  test.each([
    ["the bytes of a second", twoSeconds, 2],
    // As many programs write it: the speed of what is unpacked.
    ["its samples", { ...twoSeconds, bytesPerSecond: 16_000, samples: 16_160 }, 2.02],
    ["its blocks", { ...twoSeconds, bytesPerSecond: 16_000, samplesPerBlock: 505 }, 2.02],
    ["a codec of its own", { ...twoSeconds, tag: 0x28f, bytesPerSecond: 0, samples: 8000 }, 1],
  ])("lasts as long as its WAV says by %s", async (_, wanted, durationSeconds) => {
    const { facts } = await factsOf(wavOf(wanted));
    expect(facts).toEqual({ durationSeconds, widthPx: null, heightPx: null, codec: null });
  });

  test("lasts half as long where its WAV is torn in the middle", async () => {
    const samples = 16_000;
    const torn = wavOf({ ...twoSeconds, samples }).subarray(0, -4055);
    expect((await factsOf(torn)).facts).toMatchObject({ durationSeconds: 1 });
  });

  test("is not broken where its WAV tells nothing of its length", async () => {
    const { facts } = await factsOf(wavOf({ ...twoSeconds, bytesPerSecond: 0 }));
    expect(facts).toMatchObject({ durationSeconds: null });
  });

  test.each([{ data: 0 }, { data: 0xffff_ffff }, { form: 0, data: 0 }])(
    "lasts as far as it goes where a recorder never wrote its length: %o",
    async (lengths) => {
      const wav = withoutLengths(wavOf({ ...twoSeconds, samples: 0xffff_ffff }), lengths);
      expect((await factsOf(wav)).facts).toMatchObject({ durationSeconds: 2 });
    },
  );

  test("is MP3 where the WAV is wrapped around one", async () => {
    const data = mp3OfTwoSpeeds(40);
    const mp3 = { tag: 0x55, sampleRate: 44_100, bytesPerSecond: 0, blockBytes: 1152, bits: 0 };
    const { facts } = await factsOf(wavOf({ ...mp3, data }));
    expect(facts?.codec).toBe("mp3");
    expect(facts?.durationSeconds).toBeCloseTo((40 * 1152) / 44_100, 1);
    const noise = wavOf({ ...mp3, data: Buffer.alloc(1000, 7) });
    expect((await factsOf(noise)).facts).toMatchObject({ durationSeconds: null, codec: null });
  });

  test.each([
    ["flac", 2n * 44_100n, { durationSeconds: 2, widthPx: null, heightPx: null }],
    ["speex", 2n * 8000n, { durationSeconds: 2, widthPx: null, heightPx: null }],
    // Forty pictures up to one that stands alone, and ten since.
    ["theora", (40n << 6n) + 10n, { durationSeconds: 2, widthPx: 320, heightPx: 180 }],
  ] as const)("tells its facts in Ogg: %s", async (codec, granule, facts) => {
    const first = { packets: [oggHeads[codec]], granule: 0n, isFirst: true };
    const last = { packets: [Buffer.alloc(100)], granule };
    const torn = { packets: [Buffer.alloc(200)], granule: granule * 2n };
    const file = oggOf([first, last, torn]);
    expect((await factsOf(file.subarray(0, -1))).facts).toEqual({ ...facts, codec });
  });

  test("stands beside what is known: a film of Theora with sound in Opus", async () => {
    const sound = { serial: 8, isFirst: true, granule: 0n };
    const file = oggOf([
      { packets: [oggHeads.theora], granule: 0n, isFirst: true },
      { ...sound, packets: [oggHeads.opus] },
      { ...sound, isFirst: false, packets: [opusTags] },
      { packets: [Buffer.alloc(100)], granule: 50n << 6n },
    ]);
    expect((await factsOf(file)).facts).toEqual({
      ...{ durationSeconds: 2, widthPx: 320, heightPx: 180, codec: "theora, opus" },
    });
  });

  test("has no facts in Ogg where nobody knows it, or what it says cannot be", async () => {
    const nothing = { durationSeconds: null, widthPx: null, heightPx: null, codec: null };
    const first = { granule: 0n, isFirst: true };
    const strange = oggOf([{ ...first, packets: [Buffer.from("CELT    ")] }]);
    expect((await factsOf(strange)).facts).toEqual(nothing);
    const silly = Buffer.from(oggHeads.theora);
    // Of a width that is a million times its height, and no pictures a second.
    silly.fill(0, 22, 26).fill(0xff, 30, 33).fill(0, 33, 35);
    const sillyFilm = oggOf([
      { ...first, packets: [silly] },
      { packets: [silly], granule: 64n },
    ]);
    expect((await factsOf(sillyFilm)).facts).toEqual({ ...nothing, codec: "theora" });
  });

  test("is broken where its head is torn off", async () => {
    expect((await factsOf(wavOf(twoSeconds).subarray(0, 30))).facts).toBeNull();
  });
});
