import { rgbaToThumbHash } from "thumbhash";
import { bytesHaveLocation, hasLocation } from "./has-location";
import { isMoving, openPicture } from "./open-picture";
import { openOptions, openSharp } from "./open-sharp";
import { formatOf, type ImageFormat, type ImageSource, readHeader } from "./read-header";
import { mediaWidths } from "./variant-widths";

export interface ImageFacts {
  format: ImageFormat;
  /** As displayed: after the orientation is applied. */
  widthPx: number;
  heightPx: number;
  /** EXIF's, 1 to 8: how the stored pixels are to be turned. */
  orientation: number;
  /** A placeholder of some 25 bytes, in base64. */
  thumbHash: string;
  /** Whether it moves, and can be kept moving in a copy. */
  isMoving: boolean;
  /** Whether a picture to work on was written where it was asked for. */
  hasWorkCopy: boolean;
  /** Whether the metadata say where the picture was taken. */
  hasLocation: boolean;
}

/** Decoding these once is dear enough: what else is made of one is made of a copy, as wide as the widest that is. */
const isDear = (format: ImageFormat) => format === "avif" || format === "heif";
const widestWorkPx = Math.max(...mediaWidths);

/** The largest image that a ThumbHash is made of. */
const thumbPixels = 100;

/**
 * Looks at an image, and decodes it once for its placeholder.
 * @param options.workPath where a picture to make copies of is to lie, for formats that are dear to decode
 * @returns null for what cannot be decoded: broken, or of a format that is not read here
 * @throws BenchRefusal PAYLOAD_TOO_LARGE `{ pixels, maxPixels }`, before decoding
 */
export async function readImageFacts(
  source: ImageSource,
  { maxPixels, workPath = null }: { maxPixels: number; workPath?: string | null },
): Promise<ImageFacts | null> {
  const sharp = await openSharp();
  const header = await readHeader(sharp, source, maxPixels);
  if (!header) return null;
  const format = formatOf(header);
  const { autoOrient } = header;
  // Of HEIC, the container says how it is turned, and its decoder turns it.
  const orientation = format === "heif" ? 1 : (header.orientation ?? 1);
  const picture = await openPicture(sharp, source, header);
  const hasWorkCopy = workPath !== null && isDear(format);
  if (hasWorkCopy) {
    const written = await picture
      .resize({ width: widestWorkPx, withoutEnlargement: true })
      .png({ compressionLevel: 1 })
      .toFile(workPath)
      .catch(() => null);
    if (!written) return null;
  }
  const thumb = await (hasWorkCopy ? sharp(workPath, openOptions) : picture)
    .resize({ width: thumbPixels, height: thumbPixels, fit: "inside" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => null);
  if (!thumb) return null;
  const hash = rgbaToThumbHash(thumb.info.width, thumb.info.height, thumb.data);
  return {
    format,
    widthPx: format === "heif" ? header.width : autoOrient.width,
    heightPx: format === "heif" ? header.height : autoOrient.height,
    orientation,
    thumbHash: Buffer.from(hash).toString("base64"),
    isMoving: isMoving(header),
    hasWorkCopy,
    hasLocation:
      hasLocation(header) ||
      (typeof source !== "string" &&
        bytesHaveLocation(Buffer.from(source.buffer, source.byteOffset, source.byteLength))),
  };
}
