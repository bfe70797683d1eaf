import {
  ADTS,
  CustomSource,
  FLAC,
  Input,
  type InputAudioTrack,
  type InputVideoTrack,
  MATROSKA,
  MP3,
  MP4,
  MPEG_TS,
  OGG,
  QTFF,
  WAVE,
  WEBM,
} from "mediabunny";
import { matroskaEndSeconds } from "./matroska-end";

export interface ClipFacts {
  /** From the first picture or sound to the end of the last one. Null where finding it would mean reading it all. */
  durationSeconds: number | null;
  /** As displayed: after rotation and pixel aspect. Null for sound alone. */
  widthPx: number | null;
  heightPx: number | null;
  /** RFC 6381, pictures before sound. Null where the container does not tell. */
  codec: string | null;
}

/** Every container that the library reads but one: a playlist names other files, and a stranger's file may name none. */
const formats = [MP4, QTFF, MATROSKA, WEBM, WAVE, OGG, FLAC, MP3, ADTS, MPEG_TS];
/** What its index and its tracks may take. A container that needs more is broken, or made to be long. */
const tracksLimitBytes = 64 * 1024 * 1024;
/** What finding the duration may take beyond that, where the container does not say it. */
const durationLimitBytes = 64 * 1024 * 1024;
const durationLimitSeconds = 20;

class OverBudget extends Error {}

/**
 * Reads what a film's or recording's container says of it: its index and a few packets, in ranges, however large it is.
 * What can be had is given; what cannot is null.
 * @returns null for what is no container that can be read
 * @throws what `read` throws
 */
export async function readClipFacts({
  sizeBytes,
  read,
}: {
  sizeBytes: number;
  read: (start: number, end: number) => Promise<Uint8Array>;
}): Promise<ClipFacts | null> {
  let leftBytes = tracksLimitBytes;
  let stopsAt = Number.POSITIVE_INFINITY;
  // The library wraps what its source throws: the reason is kept here.
  let storeFailure: { error: unknown } | null = null;
  const readWithin = async (start: number, end: number) => {
    leftBytes -= end - start;
    if (leftBytes < 0 || performance.now() > stopsAt) throw new OverBudget();
    return read(start, end).catch((error: unknown) => {
      storeFailure ??= { error };
      throw error;
    });
  };
  const source = new CustomSource({
    getSize: () => sizeBytes,
    read: readWithin,
    prefetchProfile: "fileSystem",
    handleUnhandledError: () => {},
  });
  const input = new Input({ source, formats });
  /** What one fact costs in trouble must not cost the others. */
  const attempt = async <T>(fact: () => Promise<T | null | undefined>): Promise<T | null> => {
    try {
      return (await fact()) ?? null;
    } catch {
      // The container contradicts itself: no second look changes that.
      if (storeFailure) throw storeFailure.error;
      return null;
    }
  };
  try {
    if (!(await attempt(() => input.canRead()))) return null;
    const video = await attempt(() => input.getPrimaryVideoTrack());
    const audio = await attempt(() => input.getPrimaryAudioTrack());
    if (!video && !audio) return null;
    const facts = {
      widthPx: await attempt(async () => video?.getDisplayWidth()),
      heightPx: await attempt(async () => video?.getDisplayHeight()),
      codec: await codecOf([video, audio], attempt),
    };
    leftBytes = durationLimitBytes;
    stopsAt = performance.now() + durationLimitSeconds * 1000;
    const end =
      (await attempt(() => input.getDurationFromMetadata())) ??
      (await attempt(() => matroskaEndSeconds({ sizeBytes, read: readWithin }))) ??
      (await attempt(() => input.computeDuration()));
    // Sound may begin a moment before zero, for its decoder's sake.
    const start = Math.max(0, (await attempt(() => input.getFirstTimestamp())) ?? 0);
    return { ...facts, durationSeconds: end === null ? null : lengthOf(start, end) };
  } finally {
    input.dispose();
  }
}

async function codecOf(
  tracks: (InputVideoTrack | InputAudioTrack | null)[],
  attempt: <T>(fact: () => Promise<T | null | undefined>) => Promise<T | null>,
): Promise<string | null> {
  const codecs: string[] = [];
  for (const track of tracks) {
    const codec = await attempt(async () => track?.getCodecParameterString());
    if (codec) codecs.push(codec);
  }
  return codecs.length > 0 ? codecs.join(", ") : null;
}

function lengthOf(start: number, end: number): number | null {
  const seconds = Math.round((end - start) * 1000) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
