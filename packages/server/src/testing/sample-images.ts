import { readFile } from "node:fs/promises";
import sharp, { type Sharp } from "sharp";

type Format = "jpeg" | "png" | "webp" | "gif" | "avif" | "tiff";

interface Wanted {
  format: Format;
  width?: number;
  height?: number;
  /** EXIF's, 1 to 8. */
  orientation?: number;
  /** Puts a place into its EXIF. */
  located?: boolean;
}

/** A picture that every program can show: red on the left and blue on the right, so that it can be seen how it is turned. */
export function pictureOf({ width = 64, height = 32 }: { width?: number; height?: number }): Sharp {
  const half = { width: Math.ceil(width / 2), height, channels: 3 as const };
  return sharp({ create: { width, height, channels: 3, background: "#00f" } }).composite([
    { input: { create: { ...half, background: "#f00" } }, left: 0, top: 0 },
  ]);
}

export async function imageOf({ format, orientation, located, ...size }: Wanted): Promise<Buffer> {
  let picture = pictureOf(size);
  if (located) {
    picture = picture.withExif({
      IFD0: { Artist: "Maja" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "59/1 20/1 0/1", GPSLongitudeRef: "E" },
    });
  }
  if (orientation) picture = picture.withMetadata({ orientation });
  return picture.toFormat(format).toBuffer();
}

/** Three pictures, one after the other. */
export async function animationOf(format: "webp" | "gif"): Promise<Buffer> {
  const colours = ["#f00", "#0f0", "#00f"];
  const pages = await Promise.all(
    colours.map((background) =>
      sharp({ create: { width: 60, height: 40, channels: 3, background } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(pages, { join: { animated: true } })
    .toFormat(format)
    .toBuffer();
}

/** 64 x 48, red on the left and blue on the right, as HEVC, with a place in its EXIF. */
export function heicOf(): Promise<Buffer> {
  return readFile(new URL("samples/red-and-blue.heic", import.meta.url));
}
