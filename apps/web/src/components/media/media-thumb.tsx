"use client";

import type { Media } from "@fermata/contract";
import { fileKind } from "../../lib/file-kind";
import { Picture } from "../instruments/public/picture";
import { kindIcons } from "../ui/file-thumb";

interface MediaThumbProps {
  media: Media & { url: string | null };
  /** How wide it is shown, as in `<img sizes>`. */
  sizes: string;
}

/** A small copy of a photo or of a clip's poster, over its placeholder; else the icon of its kind. */
export function MediaThumb({ media, sizes }: MediaThumbProps) {
  const { contentType, posterUrl, variants = [], thumbHash = null, width, height, url } = media;
  const source = fileKind(contentType) === "image" ? url : (posterUrl ?? null);
  const smallest = variants.find((variant) => variant.contentType === "image/webp")?.url;
  const shown = smallest ?? source;
  if (shown) {
    const picture = {
      url: shown,
      width: width ?? null,
      height: height ?? null,
      thumbHash,
      variants,
    };
    return (
      <Picture picture={picture} alt="" sizes={sizes} blurred className="size-full object-cover" />
    );
  }
  const Icon = kindIcons[contentType.startsWith("image/") ? "image" : fileKind(contentType)];
  return (
    <span className="grid size-full place-items-center text-muted-foreground">
      <Icon aria-hidden="true" className="size-6" />
    </span>
  );
}
