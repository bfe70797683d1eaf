import { Lock, Play } from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn";
import { fileKind } from "../../lib/file-kind";
import { formatBytes, formatClipLength, formatPixels } from "../../lib/format";
import { MiddleTruncate } from "../ui/middle-truncate";
import type { PixelSize } from "../ui/preview";
import { MediaState } from "./media-state";
import { TilePicture } from "./tile-picture";
import type { MediaRow } from "./use-media";

interface MediaTileProps {
  media: MediaRow;
  selected: boolean;
  open(): void;
}

const badge =
  "absolute flex h-5 items-center gap-1 rounded-[3px] bg-[oklch(.16_.01_70/.84)] px-1.5 font-[500] text-2xs text-[oklch(.97_.006_85)] tabular-nums";

export function MediaTile({ media, selected, open }: MediaTileProps) {
  const [seen, setSeen] = useState<PixelSize | null>(null);
  const [seenSeconds, setSeenSeconds] = useState<number | null>(null);
  const seconds = media.durationSeconds ?? seenSeconds;
  const pixels = formatPixels(media) ?? formatPixels(seen);
  return (
    <figure className="group relative min-w-0">
      <div
        className={cn(
          "relative aspect-[4/3] overflow-hidden rounded-md bg-muted outline-offset-2 group-has-[:focus-visible]:outline-2 group-has-[:focus-visible]:outline-ring",
          selected && "outline-2 outline-primary",
        )}
      >
        <TilePicture media={media} onSize={setSeen} onDuration={setSeenSeconds} />
        {media.visibility === "private" && (
          <span title="Private" className={cn(badge, "top-1.5 left-1.5 px-1")}>
            <Lock className="size-3" aria-hidden="true" />
            <span className="sr-only">Private</span>
          </span>
        )}
        {seconds !== null && fileKind(media.contentType) !== "image" && (
          <span className={cn(badge, "right-1.5 bottom-1.5")}>
            <Play aria-hidden="true" className="size-2.5 fill-current" />
            {formatClipLength(seconds)}
          </span>
        )}
      </div>
      <figcaption className="mt-[7px]">
        <button
          type="button"
          data-row={media.key}
          aria-label={media.filename}
          aria-expanded={selected}
          onClick={open}
          className="block w-full text-left font-[480] text-sm leading-[18px] outline-none after:absolute after:inset-0"
        >
          <MiddleTruncate text={media.filename} />
        </button>
        <span className="block truncate text-muted-foreground text-xs leading-[17px] tabular-nums">
          {media.status === "ready" ? (
            <>
              {[pixels, formatBytes(media.sizeBytes)].filter(Boolean).join(", ")}
              {media.processing?.state === "processing" && ", making copies"}
              {media.processing?.state === "failed" && (
                <span className="text-destructive">, not processed</span>
              )}
            </>
          ) : (
            <span className="flex items-center gap-2">
              <MediaState status={media.status} />
              {media.sizeBytes > 0 && formatBytes(media.sizeBytes)}
            </span>
          )}
        </span>
      </figcaption>
    </figure>
  );
}
