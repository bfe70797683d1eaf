import type { Media, PublicInstrument } from "@fermata/contract";
import { normalizeType } from "@fermata/server/internal";

type Picture = NonNullable<PublicInstrument["items"][number]["picture"]>;

/** Of others, such as HEIC, a page shows copies alone. */
const shownByBrowsers = /^image\/(jpeg|png|gif|webp|avif|bmp|svg\+xml|x-icon)$/;

/**
 * The photo itself, or what stands for a clip; null for a clip that nothing stands for. Where smaller copies were made it
 * is read from the largest of them: the original may say where it was taken.
 */
export function pictureOf(media: Media, originalUrl: string | null): Picture | null {
  const { contentType, variants = [], posterUrl } = media;
  const isShown = shownByBrowsers.test(normalizeType(contentType));
  const largest = variants
    .filter((variant) => variant.contentType === "image/webp")
    .toSorted((a, b) => b.width - a.width)[0];
  const url = largest?.url ?? (isShown ? originalUrl : posterUrl);
  if (!url) return null;
  return {
    url,
    width: largest?.width ?? media.width ?? null,
    height: largest?.height ?? media.height ?? null,
    thumbHash: media.thumbHash ?? null,
    variants,
  };
}
