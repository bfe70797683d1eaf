import type { PublicInstrument } from "@fermata/contract";
import { Maximize2 } from "lucide-react";
import { cn } from "../../../lib/cn";
import { tellApart } from "../../../lib/tell-apart";
import { Picture } from "./picture";
import { ViewerDialog } from "./viewer-dialog";

interface GalleryProps {
  name: string;
  photos: PublicInstrument["items"];
}

const stripLength = 6;
const badge =
  "absolute bottom-3 grid place-items-center rounded-[4px] bg-[oklch(.2_.01_70/.88)] text-[oklch(.97_.006_85)]";

/**
 * The photos side by side, one in view: to be swept, stepped or jumped to. The stamps below are links to the photos, so
 * that they work without a script; script/move-gallery.ts counts, and opens the viewer.
 */
export function Gallery({ name, photos }: GalleryProps) {
  const labels = tellApart(photos.map(({ alt }, at) => alt || `Photograph ${at + 1}`));
  const more = photos.length - stripLength + 1;
  const stamps = more > 1 ? photos.slice(0, stripLength - 1) : photos.slice(0, stripLength);
  return (
    <section data-gallery aria-label={`Photographs of ${name}`}>
      <div className="relative">
        <section
          data-track
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
          tabIndex={0}
          aria-label="Photographs, one at a time"
          className="flex snap-x snap-mandatory overflow-x-auto [scrollbar-width:none]"
        >
          {photos.map((photo, at) => (
            <figure
              key={photo.itemId}
              id={`photo-${at + 1}`}
              data-caption={photo.caption}
              className="aspect-[1.41] w-full flex-none snap-center max-md:aspect-[1.22]"
            >
              {photo.picture && (
                <Picture
                  picture={photo.picture}
                  alt={photo.alt || `${name}, photograph ${at + 1}`}
                  sizes="(min-width: 1120px) 864px, 100vw"
                  eager={at === 0}
                  className="size-full object-cover"
                />
              )}
            </figure>
          ))}
        </section>
        <p
          data-count
          className={cn(badge, "left-3 px-2.5 py-1 text-sm tabular-nums")}
          aria-live="polite"
        >
          1 of {photos.length}
        </p>
        <button
          type="button"
          hidden
          data-expand
          aria-label="View the photographs full screen"
          className={cn(badge, "right-3 size-11")}
        >
          <Maximize2 aria-hidden="true" className="size-5" />
        </button>
      </div>
      <p
        data-words
        hidden={!photos[0]?.caption}
        className="mt-2.5 text-muted-foreground text-sm max-md:px-5"
      >
        {photos[0]?.caption}
      </p>
      {photos.length > 1 && (
        <ol className="mt-3 grid grid-cols-6 gap-3 max-md:mt-1 max-md:auto-cols-[24.5%] max-md:grid-flow-col max-md:grid-cols-none max-md:gap-1 max-md:overflow-x-auto">
          {stamps.map((photo, at) => (
            <li key={photo.itemId}>
              <a
                href={`#photo-${at + 1}`}
                data-to={at}
                aria-label={labels[at]}
                aria-current={at === 0 ? "true" : undefined}
                className="block aspect-[1.4] overflow-hidden outline-offset-2 aria-[current]:outline-2 aria-[current]:outline-foreground max-md:aria-[current]:outline-offset-[-2px]"
              >
                {photo.picture && (
                  <Picture
                    picture={photo.picture}
                    alt=""
                    sizes="(min-width: 720px) 134px, 25vw"
                    className="size-full object-cover"
                  />
                )}
              </a>
            </li>
          ))}
          {more > 1 && (
            <li>
              <a
                href={`#photo-${stripLength}`}
                data-to={stripLength - 1}
                data-view
                className="grid aspect-[1.4] place-items-center bg-secondary font-medium text-sm hover:underline"
              >
                {more} more
              </a>
            </li>
          )}
        </ol>
      )}
      <ViewerDialog name={name} />
    </section>
  );
}
