"use client";

import type { PublicInstrument } from "@fermata/contract";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cn } from "../../../lib/cn";
import { Picture } from "./picture";

interface ViewerProps {
  name: string;
  photos: PublicInstrument["items"];
  start: number;
  /** @param at the photo that was in view last */
  close(at: number): void;
}

const control =
  "grid size-12 place-items-center rounded-full text-[oklch(.97_.006_85)] hover:bg-[oklch(.97_.006_85/.14)] disabled:opacity-30 focus-visible:outline-[oklch(.97_.006_85)]";
const shortestSweepPx = 48;

/** One photo on the whole screen. Arrows, Home, End and a sweep step; Escape leaves. */
export function Viewer({ name, photos, start, close }: ViewerProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const sweepFrom = useRef<number | null>(null);
  const [index, setIndex] = useState(start);
  const last = photos.length - 1;
  const go = (to: number) => setIndex(Math.min(last, Math.max(0, to)));
  useEffect(() => {
    const { current } = dialog;
    // The browser keeps the focus within, and gives it back.
    current?.showModal();
    return () => current?.close();
  }, []);
  const photo = photos[index];
  if (!photo) return null;
  const keys: Record<string, number> = {
    ArrowRight: index + 1,
    ArrowLeft: index - 1,
    Home: 0,
    End: last,
  };
  return (
    <dialog
      ref={dialog}
      aria-label={`Photographs of ${name}`}
      onCancel={(event) => {
        event.preventDefault();
        close(index);
      }}
      onKeyDown={(event) => {
        const to = keys[event.key];
        if (to === undefined) return;
        event.preventDefault();
        go(to);
      }}
      onPointerDown={({ clientX }) => {
        sweepFrom.current = clientX;
      }}
      onPointerUp={({ clientX }) => {
        const moved = clientX - (sweepFrom.current ?? clientX);
        sweepFrom.current = null;
        if (Math.abs(moved) >= shortestSweepPx) go(index - Math.sign(moved));
      }}
      className="m-0 h-dvh max-h-none w-dvw max-w-none touch-pan-y bg-[oklch(.13_.006_70)] p-0 text-[oklch(.97_.006_85)] backdrop:bg-[oklch(.13_.006_70)]"
    >
      <div className="grid h-full grid-rows-[64px_minmax(0,1fr)_auto]">
        <div className="flex items-center justify-between px-4">
          <p className="px-2 text-sm tabular-nums" aria-live="polite">
            {index + 1} of {photos.length}
          </p>
          <button type="button" aria-label="Close" className={control} onClick={() => close(index)}>
            <X aria-hidden="true" className="size-6" />
          </button>
        </div>
        <div className="relative grid min-h-0 items-center">
          {photo.picture && (
            <div className="absolute inset-x-4 inset-y-0 md:inset-x-20">
              <Picture
                key={photo.itemId}
                // A placeholder's proportions are rough: it would look out at the sides.
                picture={{ ...photo.picture, thumbHash: null }}
                alt={photo.alt || `${name}, photograph ${index + 1}`}
                sizes="100vw"
                eager
                className="size-full bg-contain bg-transparent bg-no-repeat object-contain"
              />
            </div>
          )}
          <button
            type="button"
            aria-label="Previous photograph"
            disabled={index === 0}
            onClick={() => go(index - 1)}
            className={cn(control, "absolute left-3 max-md:hidden")}
          >
            <ChevronLeft aria-hidden="true" className="size-7" />
          </button>
          <button
            type="button"
            aria-label="Next photograph"
            disabled={index === last}
            onClick={() => go(index + 1)}
            className={cn(control, "absolute right-3 max-md:hidden")}
          >
            <ChevronRight aria-hidden="true" className="size-7" />
          </button>
        </div>
        <p className="min-h-16 px-6 py-5 text-center text-sm opacity-85">{photo.caption}</p>
      </div>
    </dialog>
  );
}
