"use client";

import type { UploadItem } from "@fermata/api";
import { useUploadQueue } from "@fermata/api/react";
import { Pause, Play, X } from "lucide-react";
import { useEffect, useState } from "react";
import { fileKind } from "../../lib/file-kind";
import { formatBytes, formatCount, formatSpeed, formatTimeLeft, plural } from "../../lib/format";
import { isShownByBrowsers } from "../../lib/shown-by-browsers";
import { toast } from "../../lib/toasts";
import { useOnline } from "../../lib/use-online";
import { Button } from "../ui/button";
import { kindIcons } from "../ui/file-thumb";
import { IconButton } from "../ui/icon-button";
import { MiddleTruncate } from "../ui/middle-truncate";
import { ProgressBar } from "../ui/progress-bar";
import { PartsBar } from "./parts-bar";

/** Larger pictures would cost more memory than a stamp is worth. */
const previewBytes = 64 * 1024 * 1024;

export function MediaUpload({ item }: { item: UploadItem }) {
  const queue = useUploadQueue();
  const value = item.totalBytes > 0 ? item.loadedBytes / item.totalBytes : 0;
  const paused = item.status === "paused";
  return (
    <li className="grid grid-cols-[156px_minmax(0,1fr)_auto] items-center gap-5 border-b py-3.5 max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-3">
      <LocalPreview file={item.file} />
      <div className="min-w-0">
        <div className="flex items-baseline gap-3">
          <MiddleTruncate text={item.filename} className="min-w-0 font-[550] text-base" />
          <span className="flex-none text-muted-foreground text-sm tabular-nums">
            {formatBytes(item.totalBytes)}
          </span>
          <span className="ml-auto flex-none font-display text-[22px] lining-nums leading-7">
            {Math.floor(value * 100)}%
          </span>
        </div>
        {item.parts ? (
          <PartsBar label={`Parts of ${item.filename}`} value={value} parts={item.parts} />
        ) : (
          <ProgressBar
            className="my-2.5"
            label={`Uploading ${item.filename}`}
            value={value}
            paused={paused}
          />
        )}
        <div className="mt-1.5 flex flex-wrap justify-between gap-x-4 text-muted-foreground text-xs tabular-nums">
          <Progress item={item} />
          {value < 1 && (
            <span className="max-md:hidden">
              You can close this tab. Drop the same file to carry on.
            </span>
          )}
        </div>
      </div>
      <div className="flex items-center gap-1">
        <Button
          aria-label={`${paused ? "Resume" : "Pause"} ${item.filename}`}
          disabled={item.phase === "completing"}
          onClick={() => (paused ? queue.resume(item.id) : queue.pause(item.id))}
        >
          {paused ? <Play /> : <Pause />}
          <span className="max-md:sr-only">{paused ? "Resume" : "Pause"}</span>
        </Button>
        <IconButton
          label={`Cancel ${item.filename}`}
          onClick={() => {
            queue.cancel(item.id);
            toast(`Cancelled ${item.filename}`, () => queue.retry(item.id));
          }}
        >
          <X />
        </IconButton>
      </div>
    </li>
  );
}

function Progress({ item }: { item: UploadItem }) {
  const online = useOnline();
  const { loadedBytes, parts, resumedBytes, bytesPerSecond, secondsLeft, status, phase } = item;
  const resumed = resumedBytes > 0 && `${formatBytes(resumedBytes)} were there already`;
  const states = [
    status === "paused" && "Paused",
    status === "queued" && "Waiting for its turn",
    phase === "preparing" && status === "uploading" && "Looking at the file",
    phase === "completing" && "Checking what arrived",
  ];
  const facts = [
    parts
      ? `${formatCount(parts.stored)} of ${plural(parts.all, "part")} stored`
      : `${formatBytes(loadedBytes)} sent`,
    parts && status === "uploading" && parts.flying > 0 && `${parts.flying} in flight`,
    ...states,
    resumed,
    phase === "sending" && bytesPerSecond !== null && formatSpeed(bytesPerSecond),
    phase === "sending" && secondsLeft !== null && formatTimeLeft(secondsLeft),
  ].filter((fact) => typeof fact === "string");
  if (!online) return <span className="text-warning">Waiting for the connection</span>;
  return (
    <span className="flex flex-wrap gap-x-4">
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </span>
  );
}

function LocalPreview({ file }: { file: Blob }) {
  const [url, setUrl] = useState<string | null>(null);
  const kind = fileKind(file.type);
  const shows = kind === "video" || (isShownByBrowsers(file.type) && file.size <= previewBytes);
  useEffect(() => {
    if (!shows) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [file, shows]);
  const Icon = kindIcons[kind];
  return (
    <span className="grid aspect-[5/3] place-items-center overflow-hidden rounded-md bg-secondary text-muted-foreground max-md:hidden">
      {url && kind === "image" && (
        // biome-ignore lint/performance/noImgElement: it is a file on this machine.
        <img src={url} alt="" className="size-full object-cover" />
      )}
      {url && kind === "video" && (
        <video src={`${url}#t=0.5`} muted playsInline className="size-full object-cover" />
      )}
      {!url && <Icon aria-hidden="true" className="size-6" />}
    </span>
  );
}
