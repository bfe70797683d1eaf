import { ALL_FORMATS, CustomSource, Input } from "mediabunny";
import { BenchRefusal } from "./bench-refusal";

export interface ClipFacts {
  durationSeconds: number;
  /** As displayed: after rotation and pixel aspect. Null for sound alone. */
  widthPx: number | null;
  heightPx: number | null;
  /** RFC 6381, pictures before sound. Null where the container does not tell. */
  codec: string | null;
}

/** A container whose facts are not found within this is given up: it is broken, or made to be long. */
const readLimitBytes = 64 * 1024 * 1024;

/**
 * Reads what a film's or recording's container says of it: its index and a few packets, in ranges, however large it is.
 * @returns null for what is no container that can be read
 * @throws BenchRefusal PAYLOAD_TOO_LARGE when that takes more than 64 MiB
 */
export async function readClipFacts({
  sizeBytes,
  read,
}: {
  sizeBytes: number;
  read: (start: number, end: number) => Promise<Uint8Array>;
}): Promise<ClipFacts | null> {
  let readBytes = 0;
  // The library wraps what its source throws: the reason is kept here.
  let failure: unknown = null;
  const source = new CustomSource({
    getSize: () => sizeBytes,
    async read(start, end) {
      try {
        readBytes += end - start;
        if (readBytes > readLimitBytes)
          throw new BenchRefusal("PAYLOAD_TOO_LARGE", { limitBytes: readLimitBytes });
        return await read(start, end);
      } catch (error) {
        failure ??= error;
        throw error;
      }
    },
    prefetchProfile: "fileSystem",
    handleUnhandledError: (error) => {
      failure ??= error;
    },
  });
  const input = new Input({ source, formats: ALL_FORMATS });
  try {
    if (!(await input.canRead())) return null;
    return await factsOf(input);
  } catch (error) {
    if (failure) throw failure;
    // The container contradicts itself: no second look changes that.
    if (error instanceof BenchRefusal) throw error;
    return null;
  } finally {
    input.dispose();
  }
}

async function factsOf(input: Input): Promise<ClipFacts | null> {
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  if (!video && !audio) return null;
  const durationSeconds =
    (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
  const codecs = [
    await video?.getCodecParameterString(),
    await audio?.getCodecParameterString(),
  ].filter((codec) => typeof codec === "string");
  return {
    durationSeconds: Math.round(durationSeconds * 1000) / 1000,
    widthPx: (await video?.getDisplayWidth()) ?? null,
    heightPx: (await video?.getDisplayHeight()) ?? null,
    codec: codecs.length > 0 ? codecs.join(", ") : null,
  };
}
