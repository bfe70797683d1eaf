import type { Metadata, default as Sharp } from "sharp";
import { BenchRefusal } from "../workbench/bench-refusal";
import { openOptions } from "./open-sharp";
import { withKnownBrand } from "./with-known-brand";

/** The bytes of an image, or the path of a file of ours. */
export type ImageSource = Uint8Array | string;

const formats = ["jpeg", "png", "webp", "gif", "avif", "heif", "tiff"] as const;
export type ImageFormat = (typeof formats)[number];

export interface ImageHeader extends Metadata {
  format: Exclude<ImageFormat, "avif">;
}

/**
 * What an image's header declares, before a pixel is decoded.
 * @returns null for what is no image that can be read
 * @throws BenchRefusal PAYLOAD_TOO_LARGE when it declares more than `maxPixels`
 */
export async function readHeader(
  sharp: typeof Sharp,
  source: Uint8Array | string,
  maxPixels: number,
): Promise<ImageHeader | null> {
  let header: Metadata;
  try {
    header = await sharp(await withKnownBrand(source), openOptions).metadata();
  } catch {
    return null;
  }
  const { format, width, height } = header;
  const pixels = width * height;
  if (pixels > maxPixels) throw new BenchRefusal("PAYLOAD_TOO_LARGE", { pixels, maxPixels });
  const known = formats.find((name) => name === format);
  return known && known !== "avif" ? { ...header, format: known } : null;
}

export function formatOf({ format, compression }: ImageHeader): ImageFormat {
  return format === "heif" && compression === "av1" ? "avif" : format;
}
