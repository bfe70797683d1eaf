"use client";

import { formatBytes } from "../../lib/format";
import { storedBytes } from "../../lib/usage";
import { useUsage } from "./use-usage";

/** How full it is: files in green, media in brass. */
export function StorageMeter() {
  const { files, media } = useUsage();
  if (!files || !media) return null;
  const quota = files.quotaBytes + media.quotaBytes;
  const stored = storedBytes(files) + storedBytes(media);
  const share = (bytes: number) => `${Math.min(100, (bytes / quota) * 100)}%`;
  const text = `${formatBytes(stored)} of ${formatBytes(quota)}`;
  return (
    <div className="px-2 pb-3.5 text-xs">
      <div className="flex justify-between gap-2">
        <span id="storage-meter">Storage</span>
        <span className="text-muted-foreground tabular-nums">{text}</span>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be drawn in two colours. */}
      <div
        role="meter"
        aria-labelledby="storage-meter"
        aria-valuenow={stored}
        aria-valuemin={0}
        aria-valuemax={quota}
        aria-valuetext={text}
        className="mt-2 mb-1.5 flex h-1.5 gap-px overflow-hidden rounded-[3px] bg-secondary"
      >
        <i className="bg-chart-1" style={{ width: share(storedBytes(files)) }} />
        <i className="bg-chart-2" style={{ width: share(storedBytes(media)) }} />
      </div>
      <span className="text-muted-foreground tabular-nums">
        {formatBytes(storedBytes(files))} files, {formatBytes(storedBytes(media))} media
      </span>
    </div>
  );
}
