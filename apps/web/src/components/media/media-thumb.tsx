"use client";

import { MediaImage } from "@fermata/api/react";
import type { Media } from "@fermata/contract";
import { fileKind } from "../../lib/file-kind";
import { kindIcons } from "../ui/file-thumb";

interface MediaThumbProps {
  media: Media & { url: string | null };
  /** How wide it is shown, as in `<img sizes>`. */
  sizes: string;
}

/** A small copy of a photo or of a clip's poster, over its placeholder; else the icon of its kind. */
export function MediaThumb({ media, sizes }: MediaThumbProps) {
  const Icon = kindIcons[fileKind(media.contentType)];
  return (
    <MediaImage
      media={media}
      alt=""
      sizes={sizes}
      className="size-full bg-center bg-cover bg-muted object-cover"
      fallback={
        <span className="grid size-full place-items-center text-muted-foreground">
          <Icon aria-hidden="true" className="size-6" />
        </span>
      }
    />
  );
}
