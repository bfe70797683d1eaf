import {
  EncodedPacketSink,
  type InputAudioTrack,
  type InputFormat,
  type InputVideoTrack,
  MP3,
  MPEG_TS,
  OGG,
} from "mediabunny";
import type { ClipBytes, ClipReader } from "./clip-reader";
import { matroskaEndSeconds } from "./matroska-end";
import { hasFrameCount } from "./mp3-frame-count";
import { type OggStream, readOggStreams } from "./ogg-streams";
import { openClip } from "./open-clip";
import { longestSeconds, saidSeconds } from "./said-seconds";
import { readWavLayout, wavSeconds } from "./wav-layout";

export interface ClipFacts {
  /** From the first picture or sound to the end of the last one. Null where finding it would mean reading it all. */
  durationSeconds: number | null;
  /** As displayed: after rotation and pixel aspect. Null for sound alone. */
  widthPx: number | null;
  heightPx: number | null;
  /** RFC 6381, pictures before sound. Null where the container does not tell. */
  codec: string | null;
}

/** Of one side. Broken numbers for the shape of pixels make more of it than any database takes. */
const mostPx = 1_000_000;
/** What its index and its tracks may take. A container that needs more is broken, or made to be long. */
const tracksLimitBytes = 64 * 1024 * 1024;
/** What finding the duration may take beyond that, where the container does not say it. */
const durationLimitBytes = 64 * 1024 * 1024;
const durationLimitSeconds = 20;

/**
 * Reads what a film's or recording's container says of it: its index and a few packets, in ranges, however large it is.
 * What can be had is given; what cannot is null.
 * @returns null for what is no container that can be read
 * @throws what `read` throws
 */
export async function readClipFacts(clip: ClipBytes): Promise<ClipFacts | null> {
  const reader = await openClip(clip, tracksLimitBytes);
  if (!reader) return null;
  const { input } = reader;
  try {
    const video = await reader.attempt(() => input.getPrimaryVideoTrack());
    const audio = await reader.attempt(() => input.getPrimaryAudioTrack());
    const format = await reader.attempt(() => input.getFormat());
    const others = format === OGG ? ((await reader.attempt(() => oggStreams(reader))) ?? []) : [];
    if (!video && !audio && others.length === 0) return await factsWithoutTracks(reader, format);
    const film = others.find(({ widthPx }) => widthPx !== null);
    const codecs = [
      ...others.map(({ codec }) => codec),
      ...(await codecsOf(reader, [video, audio])),
    ];
    const facts = {
      ...sizeOf(
        film?.widthPx ?? (await reader.attempt(async () => video?.getDisplayWidth())),
        film?.heightPx ?? (await reader.attempt(async () => video?.getDisplayHeight())),
      ),
      codec: codecs.length > 0 ? codecs.join(", ") : null,
    };
    reader.limit({ bytes: durationLimitBytes, seconds: durationLimitSeconds });
    const ofTracks = video || audio ? await secondsOfTracks(reader) : null;
    const seconds = [ofTracks, ...others.map(({ endSeconds }) => lengthOf(0, endSeconds))];
    return { ...facts, durationSeconds: longestOf(seconds) };
  } finally {
    input.dispose();
  }
}

function oggStreams({ clip: { sizeBytes }, read }: ClipReader): Promise<OggStream[]> {
  return readOggStreams({ sizeBytes, read });
}

async function secondsOfTracks(reader: ClipReader): Promise<number | null> {
  const { clip, input, read } = reader;
  const end =
    (await countedSeconds(reader)) ??
    (await reader.attempt(() => saidSeconds(input))) ??
    (await reader.attempt(() => matroskaEndSeconds({ sizeBytes: clip.sizeBytes, read }))) ??
    (await reader.attempt(() => input.computeDuration()));
  // Sound may begin a moment before zero, for its decoder's sake.
  const start = Math.max(0, (await reader.attempt(() => input.getFirstTimestamp())) ?? 0);
  return lengthOf(start, end);
}

function longestOf(all: (number | null)[]): number | null {
  const known = all.filter((seconds) => seconds !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

/** Of an MP3 that does not say it, where what is said of its length is a guess. Null also where counting takes too long. */
async function countedSeconds(reader: ClipReader): Promise<number | null> {
  const { clip, input } = reader;
  if ((await reader.attempt(() => input.getFormat())) !== MP3) return null;
  return (await hasFrameCount(clip)) ? null : reader.attempt(() => input.computeDuration());
}

/** Of codecs that are not known here, such as ADPCM in WAV, and MPEG-2 in a transport stream. */
async function factsWithoutTracks(
  { clip }: ClipReader,
  format: InputFormat | null,
): Promise<ClipFacts | null> {
  const wav = await readWavLayout(clip);
  // Other containers list their tracks whatever the codec is, so that one without any is torn.
  if (!wav && format !== OGG && format !== MPEG_TS) return null;
  const durationSeconds = lengthOf(0, wav && wavSeconds(wav));
  return { durationSeconds, widthPx: null, heightPx: null, codec: null };
}

async function codecsOf(
  reader: ClipReader,
  tracks: (InputVideoTrack | InputAudioTrack | null)[],
): Promise<string[]> {
  const codecs: string[] = [];
  for (const track of tracks) {
    const codec = track && (await codecOf(reader, track));
    if (codec) codecs.push(codec);
  }
  return codecs;
}

async function codecOf(
  reader: ClipReader,
  track: InputVideoTrack | InputAudioTrack,
): Promise<string | null> {
  const codec = await reader.attempt(() => track.getCodecParameterString());
  const inContainer = await reader.attempt(async () =>
    fourLetters(await track.getInternalCodecId()),
  );
  if (codec === "mp3") return (await reader.attempt(() => mpegLayer(track))) ?? codec;
  // Its two names differ in where its parameters stand, and some players take but one.
  if (codec?.startsWith("hev1") && inContainer === "hvc1") return codec.replace("hev1", "hvc1");
  return codec ?? inContainer;
}

/** Of MPEG audio, which the library calls by the name of its third layer, whichever it is. */
async function mpegLayer(track: InputVideoTrack | InputAudioTrack): Promise<string | null> {
  const packet = await new EncodedPacketSink(track).getFirstPacket();
  const layer = 4 - (((packet?.data[1] ?? 0) >> 1) & 3);
  return layer < 4 ? `mp${layer}` : null;
}

/** How MP4's family calls a codec is all that RFC 6381 says of most of them: `alac`, `apch`, `mp4v`. */
function fourLetters(id: string | number | Uint8Array | null | undefined): string | null {
  return typeof id === "string" && /^[a-z0-9-]{4}$/i.test(id) ? id : null;
}

function sizeOf(widthPx: number | null, heightPx: number | null) {
  const isSize = [widthPx, heightPx].every((side) => side !== null && side > 0 && side <= mostPx);
  return isSize ? { widthPx, heightPx } : { widthPx: null, heightPx: null };
}

function lengthOf(start: number, end: number | null): number | null {
  if (end === null) return null;
  const seconds = Math.round((end - start) * 1000) / 1000;
  return seconds >= 0 && seconds <= longestSeconds ? seconds : null;
}
