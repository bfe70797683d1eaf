import type * as WebCodecs from "@napi-rs/webcodecs";
import type { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";

/** Decoders of sound and film, as browsers have them. */
export type Decoders = Pick<
  typeof WebCodecs,
  "AudioDecoder" | "VideoDecoder" | "EncodedAudioChunk" | "EncodedVideoChunk"
>;

/**
 * Loaded for the first clip: they are sixty megabytes.
 * @returns null where they are not installed, or not made for this system
 */
export async function openDecoders(): Promise<Decoders | null> {
  try {
    return await import("@napi-rs/webcodecs");
  } catch {
    return null;
  }
}

/** Vorbis in Ogg, which those have not. @returns null where it is not installed */
export async function openVorbisDecoder(): Promise<OggVorbisDecoder | null> {
  try {
    const { OggVorbisDecoder } = await import("@wasm-audio-decoders/ogg-vorbis");
    const decoder = new OggVorbisDecoder();
    await decoder.ready;
    return decoder;
  } catch {
    return null;
  }
}

/** Gives back what it holds, whatever became of it: the process goes on to the next clip. */
export function closeDecoder(decoder: { readonly state: string; close(): void }): void {
  if (decoder.state !== "closed") decoder.close();
}

/** After so many, what was decoded is let in: a thousand pieces may wait, and what comes beyond is lost. */
export const packetsAtOnce = 16;

export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
