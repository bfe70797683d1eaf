import type { Media, PublicInstrument } from "@fermata/contract";
import { isShownByBrowsers } from "../../lib/shown-by-browsers";

type Picture = NonNullable<PublicInstrument["items"][number]["picture"]>;

/**
 * The photo itself, or what stands for a clip; null for a clip that nothing stands for. Where smaller copies were made it
 * is read from the largest of them: the original may say where it was taken.
 */
export function pictureOf(media: Media, originalUrl: string | null): Picture | null {
  const { contentType, variants = [], posterUrl } = media;
  const largest = variants
    .filter((variant) => variant.contentType === "image/webp")
    .toSorted((a, b) => b.width - a.width)[0];
  const url = largest?.url ?? (isShownByBrowsers(contentType) ? originalUrl : posterUrl);
  if (!url) return null;
  return {
    url,
    width: largest?.width ?? media.width ?? null,
    height: largest?.height ?? media.height ?? null,
    thumbHash: media.thumbHash ?? null,
    variants,
  };
}
