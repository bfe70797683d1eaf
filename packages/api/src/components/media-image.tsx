"use client";

import { mediaPicture } from "../picture-sources";
import { type MediaSource, useMedia } from "../react/use-media";
import { Picture, type PictureProps } from "./picture";

export type MediaImageProps = PictureProps & MediaSource;

/** A photo, or the poster of a clip, in the smallest copy that does, over its blurred placeholder. */
export function MediaImage({ media: given, mediaKey, ...props }: MediaImageProps) {
  const source = given ? { media: given } : { mediaKey: mediaKey ?? "" };
  const { media, url, isPending, refresh } = useMedia(source, "without-copies");
  return (
    <Picture
      data-fermata="media-image"
      {...props}
      picture={media && mediaPicture(media, url)}
      isPending={isPending}
      onBroken={refresh}
    />
  );
}
