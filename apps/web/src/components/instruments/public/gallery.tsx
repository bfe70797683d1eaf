"use client";

import type { PublicInstrument } from "@fermata/contract";
import { Maximize2 } from "lucide-react";
import { lazy, type MouseEvent, Suspense, useEffect, useRef, useState } from "react";
import { cn } from "../../../lib/cn";
import { tellApart } from "../../../lib/tell-apart";
import { Picture } from "./picture";

const Viewer = lazy(async () => ({ default: (await import("./viewer")).Viewer }));

type Photo = PublicInstrument["items"][number];

interface GalleryProps {
  name: string;
  photos: Photo[];
}

const stripLength = 6;
const badge =
  "absolute bottom-3 grid place-items-center rounded-[4px] bg-[oklch(.2_.01_70/.88)] text-[oklch(.97_.006_85)]";

/**
 * The photos side by side, one in view: to be swept, stepped or jumped to. The stamps below are links to the photos, so
 * that they work before a script has come.
 */
export function Gallery({ name, photos }: GalleryProps) {
  const track = useRef<HTMLElement>(null);
  const [index, setIndex] = useState(0);
  const [viewing, setViewing] = useState(false);
  const [scripted, setScripted] = useState(false);
  useEffect(() => setScripted(true), []);

  const go = (to: number, behavior: ScrollBehavior = "smooth") => {
    const { current } = track;
    const bounded = Math.min(photos.length - 1, Math.max(0, to));
    current?.scrollTo({ left: bounded * current.clientWidth, behavior });
  };
  const jump = (to: number) => (event: MouseEvent) => {
    event.preventDefault();
    go(to);
  };
  const labels = tellApart(photos.map(({ alt }, at) => alt || `Photograph ${at + 1}`));
  const more = photos.length - stripLength + 1;
  const stamps = more > 1 ? photos.slice(0, stripLength - 1) : photos.slice(0, stripLength);
  return (
    <section aria-label={`Photographs of ${name}`}>
      <div className="relative">
        <section
          ref={track}
          onScroll={({ currentTarget: { scrollLeft, clientWidth } }) =>
            setIndex(Math.round(scrollLeft / Math.max(1, clientWidth)))
          }
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
          tabIndex={0}
          aria-label="Photographs, one at a time"
          className="flex snap-x snap-mandatory overflow-x-auto [scrollbar-width:none] motion-reduce:scroll-auto"
        >
          {photos.map((photo, at) => (
            <figure
              key={photo.itemId}
              id={`photo-${at + 1}`}
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
        <p className={cn(badge, "left-3 px-2.5 py-1 text-sm tabular-nums")} aria-live="polite">
          {index + 1} of {photos.length}
        </p>
        {scripted && (
          <button
            type="button"
            aria-label="View the photographs full screen"
            onClick={() => setViewing(true)}
            className={cn(badge, "right-3 size-11")}
          >
            <Maximize2 aria-hidden="true" className="size-5" />
          </button>
        )}
      </div>
      {photos[index]?.caption && (
        <p className="mt-2.5 text-muted-foreground text-sm max-md:px-5">{photos[index].caption}</p>
      )}
      {photos.length > 1 && (
        <ol className="mt-3 grid grid-cols-6 gap-3 max-md:mt-1 max-md:auto-cols-[24.5%] max-md:grid-flow-col max-md:grid-cols-none max-md:gap-1 max-md:overflow-x-auto">
          {stamps.map((photo, at) => (
            <li key={photo.itemId}>
              <a
                href={`#photo-${at + 1}`}
                onClick={jump(at)}
                aria-label={labels[at]}
                aria-current={at === index ? "true" : undefined}
                className={cn(
                  "block aspect-[1.4] overflow-hidden outline-offset-2",
                  at === index && "outline-2 outline-foreground max-md:outline-offset-[-2px]",
                )}
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
                onClick={(event) => {
                  event.preventDefault();
                  go(stripLength - 1, "instant");
                  setIndex(stripLength - 1);
                  setViewing(true);
                }}
                className="grid aspect-[1.4] place-items-center bg-secondary font-medium text-sm hover:underline"
              >
                {more} more
              </a>
            </li>
          )}
        </ol>
      )}
      {viewing && (
        <Suspense>
          <Viewer
            name={name}
            photos={photos}
            start={index}
            close={(at) => {
              setViewing(false);
              go(at, "instant");
            }}
          />
        </Suspense>
      )}
    </section>
  );
}
