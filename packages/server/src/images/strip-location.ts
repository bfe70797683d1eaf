import { readFile } from "node:fs/promises";
import type { default as Sharp } from "sharp";
import { BenchRefusal } from "../workbench/bench-refusal";
import { blankGps } from "./exif";
import { bytesHaveLocation, hasLocation, xmpPackets } from "./has-location";
import { openOptions, openSharp } from "./open-sharp";
import { formatOf, type ImageFormat, type ImageSource, readHeader } from "./read-header";
import { stripJpeg } from "./strip-jpeg";
import { stripPng } from "./strip-png";
import { stripWebp } from "./strip-webp";

/**
 * The same picture without a word on where it was taken. Its metadata are cut out of the bytes, so that its pixels,
 * colours and orientation stay as they are; only where that does not do is it encoded anew, in its own format.
 * @returns null where they say nothing of a place
 * @throws BenchRefusal UNSUPPORTED_MEDIA_TYPE when the place can be seen and not removed; PAYLOAD_TOO_LARGE
 */
export async function stripLocation(
  source: ImageSource,
  { maxPixels }: { maxPixels: number },
): Promise<Uint8Array | null> {
  const bytes =
    typeof source === "string"
      ? await readFile(source)
      : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const sharp = await openSharp();
  const header = await readHeader(sharp, bytes, maxPixels);
  if (!(await saysWhere(sharp, bytes, maxPixels))) return null;
  const format = header && formatOf(header);
  const cut = cutMetadata(format, bytes);
  if (cut && !(await saysWhere(sharp, cut, maxPixels))) return cut;
  if (!format || format === "heif") throw unremovable();
  return sharp(bytes, openOptions)
    .autoOrient()
    .keepIccProfile()
    .toFormat(format, { quality: 90 })
    .toBuffer()
    .catch((cause) => {
      throw unremovable(cause);
    });
}

async function saysWhere(sharp: typeof Sharp, bytes: Buffer, maxPixels: number): Promise<boolean> {
  const header = await readHeader(sharp, bytes, maxPixels);
  return (header !== null && hasLocation(header)) || bytesHaveLocation(bytes);
}

const cutters: Partial<Record<ImageFormat, (bytes: Buffer) => Buffer | null>> = {
  jpeg: stripJpeg,
  png: stripPng,
  webp: stripWebp,
};

/** @returns null where the bytes are not laid out as they should be */
function cutMetadata(format: ImageFormat | null, bytes: Buffer): Buffer | null {
  try {
    const cut = format ? cutters[format] : undefined;
    return cut ? cut(bytes) : overwriteMetadata(bytes);
  } catch {
    return null;
  }
}

/** For containers that hold offsets to their parts: everything stays where it is. */
function overwriteMetadata(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  blankGps(copy);
  for (const { start, end } of xmpPackets(copy)) copy.fill(" ", start, end);
  return copy;
}

function unremovable(cause?: unknown): BenchRefusal {
  const details = { reason: "the picture says where it was taken, and that cannot be removed" };
  return new BenchRefusal("UNSUPPORTED_MEDIA_TYPE", details, { cause });
}
