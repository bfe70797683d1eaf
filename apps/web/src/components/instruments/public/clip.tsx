import type { PublicInstrument } from "@fermata/contract";
import { Play } from "lucide-react";
import { formatClipLength } from "../../../lib/format";
import { averageColour } from "../../../lib/thumb-hash";

interface ClipProps {
  clip: PublicInstrument["items"][number];
  /** Its own among the clips. */
  label: string;
}

/**
 * A film that waits behind its poster. Without a script the browser's own controls stand there from the start;
 * script/move-films.ts puts the large button in their place until it is pressed.
 */
export function Clip({ clip, label }: ClipProps) {
  const { picture, durationSeconds } = clip;
  const length = durationSeconds === null ? null : formatClipLength(durationSeconds);
  const poster = picture?.variants
    .filter(({ contentType }) => contentType === "image/webp")
    .find(({ width }) => width >= 1200)?.url;
  return (
    <div data-film className="relative aspect-video overflow-hidden bg-muted">
      <video
        src={picture ? clip.url : `${clip.url}#t=0.1`}
        {...(picture && { poster: poster ?? picture.url })}
        preload={picture ? "none" : "metadata"}
        controls
        playsInline
        aria-label={label}
        className="size-full object-cover"
        {...(picture?.thumbHash && {
          style: { backgroundColor: averageColour(picture.thumbHash) },
        })}
      />
      <button
        type="button"
        hidden
        // Whoever speaks to the screen says what is written on it.
        aria-label={`Play ${label}${length ? `, ${length}` : ""}`}
        className="group absolute inset-0 grid place-items-center bg-linear-to-t from-[oklch(.16_.01_70/.6)] to-transparent to-40%"
      >
        <span className="grid size-[72px] place-items-center rounded-full bg-[oklch(.985_.006_85/.94)] text-[oklch(.16_.01_70)] transition-transform group-hover:scale-105">
          <Play aria-hidden="true" className="ml-1 size-6 fill-current" />
        </span>
        {length && (
          <span className="absolute right-4 bottom-3 font-medium text-[oklch(.97_.006_85)] text-base tabular-nums">
            {length}
          </span>
        )}
      </button>
    </div>
  );
}
