import {
  Clapperboard,
  File,
  FileArchive,
  FileText,
  Image,
  type LucideIcon,
  Music,
  Table2,
} from "lucide-react";
import { useState } from "react";
import { cn } from "../../lib/cn";
import { type FileKind, fileKind } from "../../lib/file-kind";
import { placeholderStyle } from "../../lib/placeholder";
import { isShownByBrowsers } from "../../lib/shown-by-browsers";

export const kindIcons: Record<FileKind, LucideIcon> = {
  image: Image,
  video: Clapperboard,
  audio: Music,
  table: Table2,
  document: FileText,
  archive: FileArchive,
  other: File,
};

interface FileThumbProps {
  contentType: string;
  /** Shown when it is a picture that browsers show, or one that the server makes copies of. */
  url: string | null;
  /** A blurred stand-in until the picture is there. What has one has copies, too. */
  thumbHash?: string;
  /** Has one of our own URLs answer with a smaller copy, of a width that the server makes. */
  widthPixels?: 64 | 128 | 256;
  className?: string;
}

/** A picture of 4 to 3, or the icon of its kind. The name stands beside it. */
export function FileThumb({
  contentType,
  url,
  thumbHash,
  widthPixels = 128,
  className,
}: FileThumbProps) {
  const [broken, setBroken] = useState(false);
  const Icon = kindIcons[fileKind(contentType)];
  const copyUrl = thumbHash && url ? `${url}&w=${widthPixels}` : null;
  const picture = copyUrl ?? (isShownByBrowsers(contentType) ? url : null);
  const shape = cn(
    "h-[33px] w-11 flex-none rounded-[3px] max-md:h-[39px] max-md:w-[52px]",
    className,
  );
  if (picture && !broken) {
    return (
      <span
        style={placeholderStyle(thumbHash)}
        className={cn(
          "relative overflow-hidden bg-muted after:absolute after:inset-0 after:rounded-[3px] after:inset-ring after:inset-ring-[oklch(0_0_0/0.1)]",
          shape,
        )}
      >
        {/* biome-ignore lint/performance/noImgElement: signed addresses in a store of the user’s own. */}
        <img
          src={picture}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
          className="size-full object-cover"
        />
      </span>
    );
  }
  return (
    <span className={cn("grid place-items-center border bg-card text-muted-foreground", shape)}>
      <Icon aria-hidden="true" className="size-4" />
    </span>
  );
}
