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

/** Its first brand is that of a sequence, as of each AVIF that moves; the still picture that those begin with is all of this one. */
export async function avifSequenceOf(size: { width: number; height: number }): Promise<Buffer> {
  const still = await imageOf({ format: "avif", ...size });
  const sequence = Buffer.from(still);
  sequence.write("avis", 8, "latin1");
  return sequence;
}

/** A TIFF of several pages, uncompressed, one grey each. */
export function scanOf(pages: { width: number; height: number; grey: number }[]): Buffer {
  const header = Buffer.from("II*\0\x08\0\0\0", "latin1");
  let at = header.length;
  const parts = pages.map(({ width, height, grey }, index) => {
    const tags = [
      [0x100, width],
      [0x101, height],
      [0x102, 8],
      [0x103, 1],
      [0x106, 1],
      [0x111, at + 2 + 9 * 12 + 4],
      [0x115, 1],
      [0x116, height],
      [0x117, width * height],
    ] as const;
    const directory = Buffer.alloc(2 + tags.length * 12 + 4);
    directory.writeUInt16LE(tags.length, 0);
    for (const [place, [tag, value]] of tags.entries()) {
      directory.writeUInt16LE(tag, 2 + place * 12);
      // A LONG, and one of it.
      directory.writeUInt16LE(4, 4 + place * 12);
      directory.writeUInt32LE(1, 6 + place * 12);
      directory.writeUInt32LE(value, 10 + place * 12);
    }
    at += directory.length + width * height;
    directory.writeUInt32LE(index < pages.length - 1 ? at : 0, directory.length - 4);
    return Buffer.concat([directory, Buffer.alloc(width * height, grey)]);
  });
  return Buffer.concat([header, ...parts]);
}

/** 64 x 48, red on the left and blue on the right, as HEVC, with a place in its EXIF. */
export function heicOf(): Promise<Buffer> {
  return readFile(new URL("samples/red-and-blue.heic", import.meta.url));
}
