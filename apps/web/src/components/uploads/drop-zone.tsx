"use client";

import { useUploadQueue } from "@fermata/api/react";
import { useEffect, useState } from "react";
import { plural } from "../../lib/format";
import { Kbd } from "../ui/kbd";
import { Sign } from "../ui/sign";
import { useCurrentTarget } from "./upload-target";

/** Covers the page while files hang over it. */
export function DropZone() {
  const target = useCurrentTarget();
  const { add } = useUploadQueue();
  const [hovering, setHovering] = useState(0);

  useEffect(() => {
    // Leaving one element enters the next: only the balance tells whether the pointer left the window.
    let depth = 0;
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const end = () => {
      depth = 0;
      setHovering(0);
    };
    const entered = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      depth++;
      if (target) setHovering(Math.max(1, event.dataTransfer?.items.length ?? 0));
    };
    const left = (event: DragEvent) => {
      if (holdsFiles(event) && --depth <= 0) end();
    };
    const over = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      // Without this the browser opens the file and leaves the console.
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = target ? "copy" : "none";
    };
    const dropped = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      end();
      if (target && event.dataTransfer) add(event.dataTransfer.files, target);
    };
    window.addEventListener("dragenter", entered);
    window.addEventListener("dragleave", left);
    window.addEventListener("dragover", over);
    window.addEventListener("drop", dropped);
    return () => {
      window.removeEventListener("dragenter", entered);
      window.removeEventListener("dragleave", left);
      window.removeEventListener("dragover", over);
      window.removeEventListener("drop", dropped);
    };
  }, [target, add]);

  if (hovering === 0 || !target) return null;
  return (
    <div
      role="status"
      className="pointer-events-none absolute inset-0 z-20 grid animate-appear place-items-center bg-background/84 p-8 text-center after:absolute after:inset-3.5 after:rounded-lg after:border-[1.5px] after:border-primary after:border-dashed"
    >
      <div className="rounded-lg border border-border-strong bg-card px-[72px] pt-11 pb-10 shadow-overlay max-md:px-8">
        <Sign className="mx-auto h-12 w-16 text-primary" />
        <h2 className="mt-[18px] font-display text-[28px] leading-[34px] tracking-[-0.01em]">
          Let go to upload {plural(hovering, "file")}
        </h2>
        <p className="mt-1 text-base text-muted-foreground">
          Into <b className="font-medium text-foreground">{destination(target.kind)}</b>.{" "}
          {target.kind === "media" && target.options?.visibility !== "private"
            ? "Anybody with the address can see them."
            : "They stay private."}
        </p>
        <p className="mt-4 text-muted-foreground text-xs">
          Press <Kbd>Esc</Kbd> to cancel
        </p>
      </div>
    </div>
  );
}

function destination(kind: "file" | "media"): string {
  return kind === "file" ? "Files" : "Media";
}
