import { useState } from "react";
import { fileKind } from "../../lib/file-kind";
import { placeholderStyle } from "../../lib/placeholder";
import { isShownByBrowsers } from "../../lib/shown-by-browsers";
import { AudioPlayer } from "./audio-player";
import { kindIcons } from "./file-thumb";

export interface PixelSize {
  width: number;
  height: number;
}

interface PreviewProps {
  contentType: string;
  /** Null while the bytes are not there yet. */
  url: string | null;
  name: string;
  /** Of a picture: a copy, for types that browsers do not show. */
  copyUrl?: string | null | undefined;
  /** A blurred stand-in until the picture is there. */
  thumbHash?: string;
  /** Of a recording, where one was drawn. */
  waveform?: string | undefined;
  /** The picture that stands for a film. */
  poster?: string | undefined;
  /** Why there is nothing to see, where it is not that the bytes are still to come. */
  missing?: string;
  onSize?(size: PixelSize): void;
}

/** A picture, a clip or a recording to look at; an icon for everything else. */
export function Preview({
  contentType,
  url,
  name,
  copyUrl = null,
  thumbHash,
  waveform,
  poster,
  missing = "Not here yet",
  onSize,
}: PreviewProps) {
  const [broken, setBroken] = useState(false);
  const kind = fileKind(contentType);
  const Icon = kindIcons[kind];
  const picture = isShownByBrowsers(contentType) ? url : copyUrl;
  const isSound = kind === "audio" || (waveform !== undefined && !poster);
  if (url && picture && !broken && kind === "image") {
    return (
      <a
        href={url}
        target="_blank"
        rel="noreferrer"
        className="block bg-muted -outline-offset-2"
        style={placeholderStyle(thumbHash, "contain")}
      >
        {/* biome-ignore lint/performance/noImgElement: signed addresses in a store of the user’s own. */}
        <img
          src={picture}
          alt={`Preview of ${name}`}
          className="aspect-[4/3] w-full object-contain"
          onError={() => setBroken(true)}
          onLoad={({ currentTarget }) =>
            onSize?.({ width: currentTarget.naturalWidth, height: currentTarget.naturalHeight })
          }
        />
      </a>
    );
  }
  if (url && !broken && kind === "video" && !isSound) {
    return (
      <video
        src={url}
        {...(poster && { poster })}
        controls
        preload="metadata"
        className="aspect-video w-full bg-foreground/90 dark:bg-background"
        onError={() => setBroken(true)}
        onLoadedMetadata={({ currentTarget }) =>
          onSize?.({ width: currentTarget.videoWidth, height: currentTarget.videoHeight })
        }
      />
    );
  }
  if (url && !broken && isSound) {
    return (
      <div className="grid min-h-40 content-center bg-muted p-[22px] max-md:p-4">
        <AudioPlayer url={url} label={name} waveform={waveform} onBroken={() => setBroken(true)} />
      </div>
    );
  }
  return (
    <div className="grid aspect-[4/3] place-content-center justify-items-center gap-3 bg-muted text-muted-foreground">
      <Icon aria-hidden="true" className="size-10 stroke-[1.2]!" />
      <span className="text-sm">{url ? "No preview for this type" : missing}</span>
    </div>
  );
}
