import type { Sharp } from "sharp";
import { AppError } from "../ground/errors";
import { decodeSeconds, openOptions, withSharp } from "./open-sharp";
import { type ImageSource, openSource, readHeader } from "./read-header";

interface Wanted {
  /** An image that is narrower stays as wide as it is. */
  widthPx: number;
  format: "webp" | "avif" | "jpeg";
  maxPixels: number;
}

export interface ResizedImage {
  bytes: Uint8Array<ArrayBuffer>;
  widthPx: number;
  heightPx: number;
  contentType: `image/${Wanted["format"]}`;
}

/**
 * Scales an image down, upright, in sRGB and without any metadata. Of an animation it takes the first picture.
 * @throws AppError PAYLOAD_TOO_LARGE `{ pixels, maxPixels }`, before decoding; UNSUPPORTED_MEDIA_TYPE for what cannot be
 * decoded
 */
export function resizeImage(
  image: ImageSource,
  { widthPx, format, maxPixels }: Wanted,
): Promise<ResizedImage> {
  return withSharp(async (sharp) => {
    const source = await openSource(image);
    const header = await readHeader(sharp, source, maxPixels);
    if (!header) throw undecodable();
    const pipeline = sharp(source, openOptions)
      .autoOrient()
      .resize({ width: widthPx, withoutEnlargement: true })
      .timeout({ seconds: decodeSeconds });
    const { data, info } = await encode(pipeline, format)
      .toBuffer({ resolveWithObject: true })
      .catch((cause) => {
        throw undecodable(cause);
      });
    return {
      bytes: new Uint8Array(data),
      widthPx: info.width,
      heightPx: info.height,
      contentType: `image/${format}`,
    };
  });
}

function encode(pipeline: Sharp, format: Wanted["format"]): Sharp {
  if (format === "webp") return pipeline.webp({ quality: 80 });
  if (format === "avif") return pipeline.avif({ quality: 55 });
  // JPEG has no transparency: it lies on white.
  return pipeline.flatten({ background: "#fff" }).jpeg({ quality: 82, mozjpeg: true });
}

function undecodable(cause?: unknown): AppError {
  const details = { reason: "the image cannot be decoded" };
  return new AppError("UNSUPPORTED_MEDIA_TYPE", details, undefined, { cause });
}
