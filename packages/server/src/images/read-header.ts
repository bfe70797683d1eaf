import type { Metadata, default as Sharp } from "sharp";
import { AppError } from "../ground/errors";
import { openOptions } from "./open-sharp";

/** The bytes of an image, the path of a file of ours, or how to fetch the bytes when it is the image's turn. */
export type ImageSource = Uint8Array | string | (() => Promise<Uint8Array>);

export function openSource(
  source: ImageSource,
): Promise<Uint8Array | string> | Uint8Array | string {
  return typeof source === "function" ? source() : source;
}

const formats = ["jpeg", "png", "webp", "gif", "avif", "heif", "tiff"] as const;
export type ImageFormat = (typeof formats)[number];

interface ImageHeader extends Metadata {
  format: Exclude<ImageFormat, "avif">;
}

/**
 * What an image's header declares, before a pixel is decoded.
 * @returns null for what is no image that can be read
 * @throws AppError PAYLOAD_TOO_LARGE when it declares more than `maxPixels`
 */
export async function readHeader(
  sharp: typeof Sharp,
  source: Uint8Array | string,
  maxPixels: number,
): Promise<ImageHeader | null> {
  let header: Metadata;
  try {
    header = await sharp(source, openOptions).metadata();
  } catch {
    return null;
  }
  const { format, width, height } = header;
  const pixels = width * height;
  if (pixels > maxPixels) throw new AppError("PAYLOAD_TOO_LARGE", { pixels, maxPixels });
  const known = formats.find((name) => name === format);
  return known && known !== "avif" ? { ...header, format: known } : null;
}

export function formatOf({ format, compression }: ImageHeader): ImageFormat {
  return format === "heif" && compression === "av1" ? "avif" : format;
}
