import { useEffect, useRef, useState } from "react";
import { fileKind, typeLabel } from "../../lib/file-kind";
import { isShownByBrowsers } from "../../lib/shown-by-browsers";
import { kindIcons } from "../ui/file-thumb";
import type { PixelSize } from "../ui/preview";
import { Waveform } from "../ui/waveform";
import { MediaThumb } from "./media-thumb";
import type { MediaRow } from "./use-media";

/** A picture above this would cost more to fetch and decode than a tile is worth. */
const largestPictureBytes = 48 * 1024 * 1024;

interface TilePictureProps {
  media: MediaRow;
  onSize(size: PixelSize): void;
  onDuration(seconds: number): void;
}

/** The picture itself, a frame of the clip, the waveform of the recording, or the icon of its kind with a word. */
export function TilePicture({ media, onSize, onDuration }: TilePictureProps) {
  const [broken, setBroken] = useState(false);
  const { status, url, sizeBytes, contentType } = media;
  const kind = fileKind(contentType);
  const shown = status === "ready" && !broken ? url : null;
  if (status === "ready" && (media.posterUrl || media.variants || (media.thumbHash && shown)))
    return <MediaThumb media={media} sizes="240px" />;
  if (shown && isShownByBrowsers(contentType) && sizeBytes <= largestPictureBytes) {
    return (
      // biome-ignore lint/performance/noImgElement: it comes straight from the object store.
      <img
        src={shown}
        alt=""
        loading="lazy"
        decoding="async"
        onError={() => setBroken(true)}
        onLoad={({ currentTarget }) =>
          onSize({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
        }
        className="size-full object-cover"
      />
    );
  }
  if (status === "ready" && media.waveform) {
    return (
      <span className="absolute inset-0 grid content-center px-4">
        <Waveform waveform={media.waveform} className="h-24" />
      </span>
    );
  }
  if (shown && kind === "video") {
    return (
      <ClipFrame
        url={shown}
        onSize={onSize}
        onDuration={onDuration}
        onBroken={() => setBroken(true)}
      />
    );
  }
  const Icon = kindIcons[kind];
  return (
    <span className="absolute inset-0 grid place-content-center justify-items-center gap-1.5 rounded-md border px-3 text-center text-muted-foreground text-xs">
      <Icon className="size-5" aria-hidden="true" />
      {status === "ready" && typeLabel(contentType)}
      {status === "pending" && "Its bytes are not all here yet"}
      {status === "failed" && "Nothing was stored"}
    </span>
  );
}

interface ClipFrameProps extends Omit<TilePictureProps, "media"> {
  url: string;
  onBroken(): void;
}

/** A frame of a clip, fetched once it comes near the window: a page of clips would otherwise ask for all of them. */
function ClipFrame({ url, onSize, onDuration, onBroken }: ClipFrameProps) {
  const frame = useRef<HTMLVideoElement>(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) setNear(true);
      },
      { rootMargin: "200px" },
    );
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return (
    <video
      ref={frame}
      // The fragment makes browsers that paint nothing at first show a frame.
      {...(near && { src: `${url}#t=0.1` })}
      preload="metadata"
      muted
      playsInline
      aria-hidden="true"
      tabIndex={-1}
      onError={onBroken}
      onLoadedMetadata={({ currentTarget }) => {
        const { duration, videoWidth, videoHeight } = currentTarget;
        if (Number.isFinite(duration)) onDuration(duration);
        // Of sound in a film's container, there is none.
        if (videoWidth > 0) onSize({ width: videoWidth, height: videoHeight });
      }}
      className="size-full object-cover"
    />
  );
}
