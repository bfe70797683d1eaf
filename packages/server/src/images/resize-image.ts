import type { Sharp } from "sharp";
import { BenchRefusal } from "../workbench/bench-refusal";
import { openPicture } from "./open-picture";
import { openSharp } from "./open-sharp";
import { type ImageSource, readHeader } from "./read-header";

export interface WantedImage {
  /** An image that is narrower stays as wide as it is. */
  widthPx: number;
  format: "webp" | "avif" | "jpeg";
  /** Keeps one that moves moving, where the format can. */
  moving?: boolean;
}

export interface ResizedImage {
  bytes: Uint8Array<ArrayBuffer>;
  widthPx: number;
  heightPx: number;
  contentType: `image/${WantedImage["format"]}`;
}

/**
 * Scales an image down, upright, in sRGB and without any metadata. Of an animation it takes the first picture, if not told otherwise.
 * @throws BenchRefusal PAYLOAD_TOO_LARGE `{ pixels, maxPixels }`, before decoding; UNSUPPORTED_MEDIA_TYPE for what cannot be
 * decoded
 */
export async function resizeImage(
  source: ImageSource,
  { widthPx, format, maxPixels, moving = false }: WantedImage & { maxPixels: number },
): Promise<ResizedImage> {
  const sharp = await openSharp();
  const header = await readHeader(sharp, source, maxPixels);
  if (!header) throw undecodable();
  const picture = await openPicture(sharp, source, header, {
    moving: moving && format === "webp",
  });
  const pipeline = picture.resize({ width: widthPx, withoutEnlargement: true });
  const { data, info } = await encode(pipeline, format)
    .toBuffer({ resolveWithObject: true })
    .catch((cause) => {
      throw undecodable(cause);
    });
  return {
    bytes: new Uint8Array(data),
    widthPx: info.width,
    heightPx: info.pageHeight ?? info.height,
    contentType: `image/${format}`,
  };
}

function encode(pipeline: Sharp, format: WantedImage["format"]): Sharp {
  if (format === "webp") return pipeline.webp({ quality: 80 });
  if (format === "avif") return pipeline.avif({ quality: 55 });
  // JPEG has no transparency: it lies on white.
  return pipeline.flatten({ background: "#fff" }).jpeg({ quality: 82, mozjpeg: true });
}

function undecodable(cause?: unknown): BenchRefusal {
  const details = { reason: "the image cannot be decoded" };
  return new BenchRefusal("UNSUPPORTED_MEDIA_TYPE", details, { cause });
}
