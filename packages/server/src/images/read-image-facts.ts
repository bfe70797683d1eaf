import { rgbaToThumbHash } from "thumbhash";
import { bytesHaveLocation, hasLocation } from "./has-location";
import { openOptions, openSharp } from "./open-sharp";
import { formatOf, type ImageFormat, type ImageSource, readHeader } from "./read-header";

export interface ImageFacts {
  format: ImageFormat;
  /** As displayed: after the orientation is applied. */
  widthPx: number;
  heightPx: number;
  /** EXIF's, 1 to 8: how the stored pixels are to be turned. */
  orientation: number;
  /** A placeholder of some 25 bytes, in base64. */
  thumbHash: string;
  /** Whether the metadata say where the picture was taken. */
  hasLocation: boolean;
}

/** The largest image that a ThumbHash is made of. */
const thumbPixels = 100;

/**
 * Looks at an image, and decodes it once for its placeholder.
 * @returns null for what cannot be decoded: broken, or of a format that is not read here, such as HEIC
 * @throws BenchRefusal PAYLOAD_TOO_LARGE `{ pixels, maxPixels }`, before decoding
 */
export async function readImageFacts(
  source: ImageSource,
  { maxPixels }: { maxPixels: number },
): Promise<ImageFacts | null> {
  const sharp = await openSharp();
  const header = await readHeader(sharp, source, maxPixels);
  if (!header) return null;
  const { autoOrient, orientation = 1 } = header;
  const thumb = await sharp(source, openOptions)
    .autoOrient()
    .resize({ width: thumbPixels, height: thumbPixels, fit: "inside" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(() => null);
  if (!thumb) return null;
  const hash = rgbaToThumbHash(thumb.info.width, thumb.info.height, thumb.data);
  return {
    format: formatOf(header),
    widthPx: autoOrient.width,
    heightPx: autoOrient.height,
    orientation,
    thumbHash: Buffer.from(hash).toString("base64"),
    hasLocation:
      hasLocation(header) ||
      (typeof source !== "string" &&
        bytesHaveLocation(Buffer.from(source.buffer, source.byteOffset, source.byteLength))),
  };
}
