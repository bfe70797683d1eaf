import { readFile } from "node:fs/promises";
import {
  AdtsOutputFormat,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  FlacOutputFormat,
  MkvOutputFormat,
  MovOutputFormat,
  Mp3OutputFormat,
  MpegTsOutputFormat,
  OggOutputFormat,
  Output,
  type OutputFormat,
  WavOutputFormat,
} from "mediabunny";
import { flacWithoutFrame } from "./hostile-bytes";
import { browserRecording } from "./recorded-clips";
import { aiffOf } from "./sample-aiff";
import { clipOf } from "./sample-clip";
import { flacOf } from "./sample-flac";
import { animationOf, heicOf, imageOf } from "./sample-images";
import { oggHeads, oggOf } from "./sample-ogg";
import { wavOf } from "./sample-wav";

export interface Sample {
  name: string;
  kind: "picture" | "clip";
  bytes: Buffer;
}

/** Small files, one of each type that is accepted and read, in order as cameras and programs write them. */
export async function mediaCorpus(): Promise<Sample[]> {
  const size = { width: 48, height: 32 };
  const pictures: [string, Promise<Buffer> | Buffer][] = [
    ["jpeg", imageOf({ format: "jpeg", located: true, ...size })],
    ["turned jpeg", imageOf({ format: "jpeg", orientation: 6, ...size })],
    ["png", imageOf({ format: "png", ...size })],
    ["located png", imageOf({ format: "png", located: true, ...size })],
    ["webp", imageOf({ format: "webp", ...size })],
    ["moving webp", animationOf("webp")],
    ["gif", imageOf({ format: "gif", ...size })],
    ["moving gif", animationOf("gif")],
    ["avif", imageOf({ format: "avif", ...size })],
    ["tiff", imageOf({ format: "tiff", ...size })],
    ["heic", heicOf()],
  ];
  const clips: [string, Promise<Buffer> | Buffer][] = [
    ["mp4", clipOf({ container: "mp4", seconds: 1 })],
    ["webm", clipOf({ container: "webm", seconds: 1 })],
    ["recording", browserRecording({ seconds: 3, frameBytes: 300 })],
    ["flac without a frame", flacWithoutFrame()],
    ["mov", soundOf(new MovOutputFormat(), "aac")],
    ["mkv", soundOf(new MkvOutputFormat(), "opus")],
    ["ogg", soundOf(new OggOutputFormat(), "opus")],
    ["mp3", soundOf(new Mp3OutputFormat(), "mp3")],
    ["wav", soundOf(new WavOutputFormat(), "pcm-s16")],
    ["aac", soundOf(new AdtsOutputFormat(), "aac")],
    ["flac", soundOf(new FlacOutputFormat(), "flac")],
    ["ts", soundOf(new MpegTsOutputFormat(), "aac")],
    ["aiff", aiffOf({ loudness: [1], bits: 16 })],
    ["adpcm", wavOf({ ...adpcm, data: Buffer.alloc(4055, 7) })],
    ["flac of 192 kHz", flacOf({ loudness: [0.5, 1], sampleRate: 192_000, blockSize: 19_200 })],
    ["theora", theoraFilm()],
    // What decoders take to its end: the packets of the others are noise.
    ...encoded.map((name): [string, Promise<Buffer>] => [name, sampleFile(name)]),
  ];
  const samples: Sample[] = [];
  for (const [name, bytes] of pictures) samples.push({ name, kind: "picture", bytes: await bytes });
  for (const [name, bytes] of clips) samples.push({ name, kind: "clip", bytes: await bytes });
  return samples;
}

const encoded = [
  "tone.m4a",
  "tone.mp3",
  "tone.ogg",
  "loud-soft-silent-24-bit.flac",
  "loud-soft-silent-vorbis.ogg",
  "bars.mp4",
  "bars.webm",
  "bars-hevc.mp4",
];

const adpcm = { tag: 0x11, bytesPerSecond: 4055, blockBytes: 256, bits: 4, samples: 8080 };

function theoraFilm(): Buffer {
  return oggOf([
    { packets: [oggHeads.theora], granule: 0n, isFirst: true },
    { packets: [oggHeads.speex], granule: 0n, isFirst: true, serial: 8 },
    { packets: [Buffer.alloc(100)], granule: 50n << 6n },
  ]);
}

/** One that another program wrote. */
export function sampleFile(name: string): Promise<Buffer> {
  return readFile(new URL(`samples/${name}`, import.meta.url));
}

/** Half a second of sound whose packets are noise. */
async function soundOf(
  format: OutputFormat,
  codec: "aac" | "opus" | "mp3" | "flac" | "pcm-s16",
): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format, target });
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
  const packet = packets[codec];
  const decoderConfig = { codec: packet.codec, sampleRate: 48_000, numberOfChannels: 2 };
  const meta = {
    decoderConfig: {
      ...decoderConfig,
      ...(packet.description && { description: packet.description }),
    },
  };
  for (let index = 0; index < 20; index++)
    await source.add(new EncodedPacket(packet.bytes, "key", index * 0.025, 0.025), meta);
  await output.finalize();
  return Buffer.from(target.buffer ?? new ArrayBuffer(0));
}

const noise = (start: number[], length: number) => {
  const bytes = new Uint8Array(length).fill(0x55);
  bytes.set(start);
  return bytes;
};
/** Version, two channels, 312 samples to pass over, 48 kHz. */
const opusHead = Buffer.from("4f707573486561640102380180bb0000000000", "hex");
const streamInfo = flacWithoutFrame();

const packets = {
  aac: { codec: "mp4a.40.2", bytes: noise([], 100), description: Uint8Array.of(0x11, 0x90) },
  opus: { codec: "opus", bytes: noise([0xfc], 60), description: opusHead },
  // MPEG-1 layer 3, 128 kbit/s, 48 kHz, stereo: 384 bytes.
  mp3: { codec: "mp3", bytes: noise([0xff, 0xfb, 0x94, 0x00], 384), description: null },
  flac: {
    codec: "flac",
    bytes: noise([0xff, 0xf8, 0xca, 0x18, 0x00], 120),
    description: streamInfo,
  },
  "pcm-s16": { codec: "pcm-s16", bytes: noise([], 4800), description: null },
};
