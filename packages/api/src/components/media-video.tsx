"use client";

import { type ComponentProps, useState } from "react";
import { mediaPoster } from "../picture-sources";
import { placeholderUrl } from "../placeholder";
import { type MediaSource, useMedia } from "../react/use-media";

type VideoProps = Omit<ComponentProps<"video">, "src" | "poster">;

export type MediaVideoProps = VideoProps &
  MediaSource & {
    /** What it shows, for those who cannot see it. */
    label: string;
  };

/** A clip or a recording with the browser's own controls, in a place that does not change its size. Captions are its children. */
export function MediaVideo({
  media: given,
  mediaKey,
  label,
  style,
  children,
  ...props
}: MediaVideoProps) {
  const source = given ? { media: given } : { mediaKey: mediaKey ?? "" };
  const { media, url, isPending, refresh } = useMedia(source, true);
  const [failed, setFailed] = useState<string | null>(null);
  const { width, height, thumbHash } = media ?? {};
  const placeholder = thumbHash ? placeholderUrl(thumbHash) : "";
  const isFailed = failed !== null && failed === url;
  return (
    <video
      data-fermata="media-video"
      controls
      playsInline
      preload="metadata"
      {...props}
      aria-label={label}
      {...(url && { src: url })}
      poster={(media && mediaPoster(media)) ?? undefined}
      width={width}
      height={height}
      data-kind={media?.contentType.startsWith("audio/") ? "audio" : "video"}
      data-state={isFailed ? "failed" : url ? "ready" : isPending ? "loading" : "missing"}
      style={{
        ...(width && height && { aspectRatio: `${width} / ${height}` }),
        ...(placeholder && { background: `center / cover no-repeat url("${placeholder}")` }),
        ...style,
      }}
      onError={() => {
        // Its address may have expired: once, it is asked for anew.
        if (!isFailed) refresh();
        setFailed(url);
      }}
    >
      {children}
    </video>
  );
}
