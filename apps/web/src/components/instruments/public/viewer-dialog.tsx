import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { cn } from "../../../lib/cn";

const control =
  "grid size-12 place-items-center rounded-full text-[oklch(.97_.006_85)] hover:bg-[oklch(.97_.006_85/.14)] disabled:opacity-30 focus-visible:outline-[oklch(.97_.006_85)]";

/** One photo on the whole screen. What it shows is put in by script/move-gallery.ts, which opens it. */
export function ViewerDialog({ name }: { name: string }) {
  return (
    <dialog
      data-viewer
      aria-label={`Photographs of ${name}`}
      className="m-0 h-dvh max-h-none w-dvw max-w-none touch-pan-y bg-[oklch(.13_.006_70)] p-0 text-[oklch(.97_.006_85)] backdrop:bg-[oklch(.13_.006_70)]"
    >
      <div className="grid h-full grid-rows-[64px_minmax(0,1fr)_auto]">
        <div className="flex items-center justify-between px-4">
          <p data-count className="px-2 text-sm tabular-nums" aria-live="polite" />
          <button type="button" data-close aria-label="Close" className={control}>
            <X aria-hidden="true" className="size-6" />
          </button>
        </div>
        <div className="relative grid min-h-0 items-center">
          <div
            data-stage
            className="absolute inset-x-4 inset-y-0 md:inset-x-20 [&_img]:size-full [&_img]:object-contain"
          />
          <button
            type="button"
            data-step={-1}
            aria-label="Previous photograph"
            className={cn(control, "absolute left-3 max-md:hidden")}
          >
            <ChevronLeft aria-hidden="true" className="size-7" />
          </button>
          <button
            type="button"
            data-step={1}
            aria-label="Next photograph"
            className={cn(control, "absolute right-3 max-md:hidden")}
          >
            <ChevronRight aria-hidden="true" className="size-7" />
          </button>
        </div>
        <p data-words className="min-h-16 px-6 py-5 text-center text-sm opacity-85" />
      </div>
    </dialog>
  );
}
