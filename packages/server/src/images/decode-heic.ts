/// <reference path="./libheif-js.d.ts" />
import { crc32, deflateSync } from "node:zlib";
import type { Metadata, default as Sharp } from "sharp";

interface HeifImage {
  get_width(): number;
  get_height(): number;
  is_primary(): number;
  has_alpha_channel(): number;
  display(
    into: { data: Uint8ClampedArray; width: number; height: number },
    done: (filled: object | null) => void,
  ): void;
  free(): void;
}

/**
 * The picture of a HEIC file as a PNG, upright: the decoder of everything else has none for HEVC, whose patents keep it out
 * of what is distributed. Its colours stay those of its profile.
 * @returns null for what cannot be decoded
 */
export async function decodeHeic(
  sharp: typeof Sharp,
  bytes: Uint8Array,
  { icc }: Metadata,
): Promise<Buffer | null> {
  // Loaded for the first HEIC: it is two megabytes of WebAssembly.
  const { default: libheif } = await import("libheif-js/wasm-bundle.js");
  const images: HeifImage[] = new libheif.HeifDecoder().decode(bytes);
  const image = images.find((one) => one.is_primary()) ?? images[0];
  if (!image) return null;
  const [width, height] = [image.get_width(), image.get_height()];
  const data = new Uint8ClampedArray(width * height * 4);
  const filled = await new Promise<object | null>((resolve) =>
    image.display({ data, width, height }, resolve),
  );
  const isOpaque = !image.has_alpha_channel();
  for (const one of images) one.free();
  if (!filled) return null;
  const raw = sharp(data, { raw: { width, height, channels: 4 } });
  const png = await (isOpaque ? raw.removeAlpha() : raw).png({ compressionLevel: 1 }).toBuffer();
  return icc ? withProfile(png, icc) : png;
}

const signatureBytes = 8;
/** The header's chunk: its length, its name, thirteen bytes and a checksum. */
const headerChunkBytes = 25;

/** A PNG that says what its colours are. */
function withProfile(png: Buffer, icc: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from("iCCPicc\0\0", "latin1"), deflateSync(icc)]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  const at = signatureBytes + headerChunkBytes;
  return Buffer.concat([png.subarray(0, at), chunk, png.subarray(at)]);
}
