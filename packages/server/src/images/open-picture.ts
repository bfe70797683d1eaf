import { readFile } from "node:fs/promises";
import type { Sharp, default as SharpFactory } from "sharp";
import { BenchRefusal } from "../workbench/bench-refusal";
import { decodeHeic } from "./decode-heic";
import { openOptions } from "./open-sharp";
import { formatOf, type ImageFormat, type ImageHeader, type ImageSource } from "./read-header";
import { withKnownBrand } from "./with-known-brand";

/**
 * What each format may have at most, where that is less than what an image may have at all. They are decoded as a whole, and
 * a pixel of AVIF or HEIC costs ten times the time and memory of one of a JPEG, whatever the file weighs.
 */
const pixelBudgets: Partial<Record<ImageFormat, number>> = {
  avif: 40_000_000,
  heif: 50_000_000,
  webp: 100_000_000,
  gif: 100_000_000,
};
/** Those whose pictures follow one another in time. The pages of a scan lie beside each other: the first one stands for all. */
const movingFormats: readonly ImageFormat[] = ["gif", "webp"];
/** What all pictures of one that moves may have together. Above, it stands still. */
const movingPixels = 100_000_000;

/**
 * Opens an image to be decoded, upright; a HEIC one by a decoder of its own. Like in browsers, what is torn is shown as far
 * as it goes.
 * @param options.moving keeps what moves moving
 * @throws BenchRefusal UNSUPPORTED_MEDIA_TYPE for more pixels than its format may have
 */
export async function openPicture(
  sharp: typeof SharpFactory,
  source: ImageSource,
  header: ImageHeader,
  { moving = false }: { moving?: boolean } = {},
): Promise<Sharp> {
  const format = formatOf(header);
  const pixels = header.width * header.height;
  const budget = pixelBudgets[format];
  if (budget !== undefined && pixels > budget) {
    const [has, may] = [pixels, budget].map((count) => Math.ceil(count / 1_000_000));
    throw new BenchRefusal("UNSUPPORTED_MEDIA_TYPE", {
      reason: `It has ${has} megapixels; of ${format.toUpperCase()}, up to ${may} are read here.`,
    });
  }
  if (format === "heif") {
    const bytes = typeof source === "string" ? await readFile(source) : source;
    const png = await decodeHeic(sharp, bytes, header).catch(() => null);
    if (!png) throw new BenchRefusal("UNSUPPORTED_MEDIA_TYPE");
    return sharp(png, openOptions);
  }
  const animated = moving && isMoving(header);
  // Turning one that moves would turn the strip that its pictures lie on.
  return animated
    ? sharp(source, { ...openOptions, animated: true })
    : sharp(await withKnownBrand(source), openOptions).autoOrient();
}

/** Whether an image moves, and can be kept moving. */
export function isMoving(header: ImageHeader): boolean {
  const { pages = 1, width, height } = header;
  if (!movingFormats.includes(formatOf(header))) return false;
  return pages > 1 && width * height * pages <= movingPixels;
}
