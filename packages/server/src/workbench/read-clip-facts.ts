import { type InputAudioTrack, type InputVideoTrack, MP3, MPEG_TS, OGG } from "mediabunny";
import type { ClipBytes, ClipReader } from "./clip-reader";
import { matroskaEndSeconds } from "./matroska-end";
import { hasFrameCount } from "./mp3-frame-count";
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
    if (!video && !audio) return await factsWithoutTracks(reader);
    const facts = {
      widthPx: await reader.attempt(async () => video?.getDisplayWidth()),
      heightPx: await reader.attempt(async () => video?.getDisplayHeight()),
      codec: await codecOf(reader, [video, audio]),
    };
    reader.limit({ bytes: durationLimitBytes, seconds: durationLimitSeconds });
    const { sizeBytes } = clip;
    const end =
      (await countedSeconds(reader)) ??
      (await reader.attempt(() => saidSeconds(input))) ??
      (await reader.attempt(() => matroskaEndSeconds({ sizeBytes, read: reader.read }))) ??
      (await reader.attempt(() => input.computeDuration()));
    // Sound may begin a moment before zero, for its decoder's sake.
    const start = Math.max(0, (await reader.attempt(() => input.getFirstTimestamp())) ?? 0);
    return { ...facts, durationSeconds: end === null ? null : lengthOf(start, end) };
  } finally {
    input.dispose();
  }
}

/** Of an MP3 that does not say it, where what is said of its length is a guess. Null also where counting takes too long. */
async function countedSeconds(reader: ClipReader): Promise<number | null> {
  const { clip, input } = reader;
  if ((await reader.attempt(() => input.getFormat())) !== MP3) return null;
  return (await hasFrameCount(clip)) ? null : reader.attempt(() => input.computeDuration());
}

/** Of codecs that are not known here, such as ADPCM in WAV, Speex in Ogg and MPEG-2 in a transport stream. */
async function factsWithoutTracks(reader: ClipReader): Promise<ClipFacts | null> {
  const wav = await readWavLayout(reader.clip);
  const format = await reader.attempt(() => reader.input.getFormat());
  // Other containers list their tracks whatever the codec is, so that one without any is torn.
  if (!wav && format !== OGG && format !== MPEG_TS) return null;
  const seconds = wav && wavSeconds(wav);
  const durationSeconds = seconds === null ? null : lengthOf(0, seconds);
  return { durationSeconds, widthPx: null, heightPx: null, codec: null };
}

async function codecOf(
  reader: ClipReader,
  tracks: (InputVideoTrack | InputAudioTrack | null)[],
): Promise<string | null> {
  const codecs: string[] = [];
  for (const track of tracks) {
    const codec = await reader.attempt(async () => track?.getCodecParameterString());
    if (codec) codecs.push(codec);
  }
  return codecs.length > 0 ? codecs.join(", ") : null;
}

function lengthOf(start: number, end: number): number | null {
  const seconds = Math.round((end - start) * 1000) / 1000;
  return seconds >= 0 && seconds <= longestSeconds ? seconds : null;
}
