import type { AudioData } from "@napi-rs/webcodecs";

/**
 * What was decoded, from -1 to 1. It is read in the format that it has: the decoder's own conversion reads beyond the end of
 * some.
 */
export function samplesOf(sound: AudioData): { planes: Float32Array[]; channels: number } {
  const { format, numberOfChannels } = sound;
  const isPlanar = format?.endsWith("-planar") ?? false;
  const planes = Array.from({ length: isPlanar ? numberOfChannels : 1 }, (_, planeIndex) => {
    const bytes = new Uint8Array(sound.allocationSize({ planeIndex }));
    sound.copyTo(bytes, { planeIndex });
    return toFloats(bytes, format?.replace("-planar", ""));
  });
  return { planes, channels: isPlanar ? 1 : numberOfChannels };
}

function toFloats(bytes: Uint8Array<ArrayBuffer>, format: string | undefined): Float32Array {
  switch (format) {
    case "u8":
      return Float32Array.from(bytes, (sample) => (sample - 2 ** 7) / 2 ** 7);
    case "s16":
      return Float32Array.from(new Int16Array(bytes.buffer), (sample) => sample / 2 ** 15);
    case "s32":
      return Float32Array.from(new Int32Array(bytes.buffer), (sample) => sample / 2 ** 31);
    default:
      return new Float32Array(bytes.buffer);
  }
}
