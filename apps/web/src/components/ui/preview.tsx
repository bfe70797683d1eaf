import { useState } from "react";
import { fileKind } from "../../lib/file-kind";
import { placeholderStyle } from "../../lib/placeholder";
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
  /** A blurred stand-in until the picture is there. */
  thumbHash?: string;
  /** Why there is nothing to see, where it is not that the bytes are still to come. */
  missing?: string;
  onSize?(size: PixelSize): void;
}

/** A picture, a clip or a recording to look at; an icon for everything else. */
export function Preview({
  contentType,
  url,
  name,
  thumbHash,
  missing = "Not here yet",
  onSize,
}: PreviewProps) {
  const [broken, setBroken] = useState(false);
  const kind = fileKind(contentType);
  const Icon = kindIcons[kind];
  if (url && !broken && kind === "image") {
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
          src={url}
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
  if (url && !broken && kind === "video") {
    return (
      // biome-ignore lint/a11y/useMediaCaption: what users upload comes without captions.
      <video
        src={url}
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
  return (
    <div className="grid aspect-[4/3] place-content-center justify-items-center gap-3 bg-muted text-muted-foreground">
      <Icon aria-hidden="true" className="size-10 stroke-[1.2]!" />
      {url && !broken && kind === "audio" ? (
        // biome-ignore lint/a11y/useMediaCaption: what users upload comes without captions.
        <audio src={url} controls preload="metadata" onError={() => setBroken(true)} />
      ) : (
        <span className="text-sm">{url ? "No preview for this type" : missing}</span>
      )}
    </div>
  );
}
