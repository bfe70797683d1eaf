"use client";

import { watchFileDrops } from "@fermata/api";
import { useEffect, useState } from "react";
import { plural } from "../../lib/format";
import { toast } from "../../lib/toasts";
import { Kbd } from "../ui/kbd";
import { Sign } from "../ui/sign";
import { type PageTarget, useDropTarget } from "./upload-target";

/** Takes files that are dropped or pasted anywhere, and covers the page while they hang over it. */
export function DropZone() {
  const { target, add } = useDropTarget();
  const [hovering, setHovering] = useState(0);

  useEffect(
    () =>
      watchFileDrops(window, {
        onFiles(files, folders) {
          if (target) add(files, target);
          if (folders.length > 0) toast("Folders cannot be uploaded. Drop the files in them.");
        },
        onHover: setHovering,
        isOpen: () => target !== null,
      }),
    [target, add],
  );

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
          {whoSees(target)}
        </p>
        <p className="mt-4 text-muted-foreground text-xs">
          Press <Kbd>Esc</Kbd> to cancel
        </p>
      </div>
    </div>
  );
}

function whoSees(target: PageTarget): string {
  if (target.kind === "file" || target.options?.visibility === "private") {
    return "They stay private.";
  }
  return target.isForEverything
    ? "Anybody with the address can see them."
    : "Anybody with the address can see photos, clips and sound. Documents stay private.";
}

function destination(kind: "file" | "media"): string {
  return kind === "file" ? "Files" : "Media";
}
