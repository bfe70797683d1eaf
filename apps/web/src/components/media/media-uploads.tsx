"use client";

import { useTRPC, useUploadQueue } from "@fermata/api/react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { formatBytes, formatSpeed, formatTimeLeft, plural } from "../../lib/format";
import { Button } from "../ui/button";
import { largeUploads } from "./large-uploads";
import { MediaUpload } from "./media-upload";

const UnfinishedUploads = lazy(async () => ({
  default: (await import("./unfinished-uploads")).UnfinishedUploads,
}));

/** What is on its way to the store, in the order of adding, and what an earlier visit left unfinished. */
export function MediaUploads() {
  const queue = useUploadQueue();
  const items = largeUploads(queue.items);
  const inHand = queue.items.flatMap(({ key, status }) =>
    key && status !== "done" && status !== "cancelled" ? [key] : [],
  );
  const unfinished = useQuery(useTRPC().storage.listUnfinished.queryOptions());
  const leftBehind = (unfinished.data?.items ?? []).filter(({ key }) => !inHand.includes(key));
  const loaded = items.reduce((sum, { loadedBytes }) => sum + loadedBytes, 0);
  const total = items.reduce((sum, { totalBytes }) => sum + totalBytes, 0);
  const speed = items.reduce((sum, { bytesPerSecond }) => sum + (bytesPerSecond ?? 0), 0);
  const allPaused = items.every(({ status }) => status === "paused");
  return (
    <>
      {items.length > 0 && (
        <section aria-label="Uploads on their way" className="mb-6 border-t border-t-foreground">
          {items.length > 1 && (
            <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b py-2 text-sm">
              <b className="font-semibold">{plural(items.length, "upload")}</b>
              <span className="flex-1 text-muted-foreground text-xs tabular-nums">
                {formatBytes(loaded)} of {formatBytes(total)}
                {speed > 0 &&
                  `, ${formatSpeed(speed)}, ${formatTimeLeft((total - loaded) / speed)}`}
              </span>
              <Button size="sm" onClick={allPaused ? queue.resumeAll : queue.pauseAll}>
                {allPaused ? "Resume all" : "Pause all"}
              </Button>
            </div>
          )}
          <ul>
            {items.map((item) => (
              <MediaUpload key={item.id} item={item} />
            ))}
          </ul>
        </section>
      )}
      {leftBehind.length > 0 && (
        <Suspense>
          <UnfinishedUploads items={leftBehind} />
        </Suspense>
      )}
    </>
  );
}
