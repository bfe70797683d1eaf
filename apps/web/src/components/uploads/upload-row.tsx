"use client";

import type { UploadItem } from "@fermata/api";
import { useUploadQueue } from "@fermata/api/react";
import { Ban, CircleX, Pause, Play, RotateCw, X } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "../../lib/cn";
import { describeFailure } from "../../lib/describe-failure";
import { formatBytes, formatSpeed, formatTimeLeft } from "../../lib/format";
import { isShownByBrowsers } from "../../lib/shown-by-browsers";
import { toast } from "../../lib/toasts";
import { useOnline } from "../../lib/use-online";
import { Button } from "../ui/button";
import { FileThumb } from "../ui/file-thumb";
import { IconButton } from "../ui/icon-button";
import { MiddleTruncate } from "../ui/middle-truncate";
import { ProgressBar } from "../ui/progress-bar";
import { StateLabel } from "../ui/state-label";
import { asDownload } from "./as-download";

/** Refused before a byte was sent: trying again changes nothing. */
const refusals = ["PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE", "INVALID_INPUT"];

export function UploadRow({ item, dismiss }: { item: UploadItem; dismiss(): void }) {
  const queue = useUploadQueue();
  const failure = item.error && describeFailure(item.error);
  const failed = item.status === "failed";
  const isGoing = item.status === "queued" || item.status === "uploading";
  const cancel = () => {
    queue.cancel(item.id);
    toast(`Cancelled ${item.filename}`, () => queue.retry(item.id));
  };
  return (
    <li
      className={cn(
        "grid min-h-[43px] grid-cols-[minmax(0,1fr)_246px_62px] items-center gap-x-5 border-t pr-5 pl-10 text-sm max-lg:pl-7 max-md:grid-cols-[minmax(0,1fr)_auto] max-md:gap-y-[5px] max-md:py-2 max-md:pr-2 max-md:pl-4",
        failed && "min-h-[46px] shadow-[inset_3px_0_0_var(--destructive)]",
      )}
    >
      <div className="flex min-w-0 items-center gap-3 py-1">
        <LocalThumb file={item.file} />
        <div className="min-w-0 flex-1">
          <MiddleTruncate text={item.filename} className="font-[500]" />
          <span
            className={cn(
              "block text-xs leading-4 tabular-nums",
              failed ? "text-foreground" : "truncate text-muted-foreground",
            )}
          >
            {failure ? `${failure.title}. ${failure.body}` : formatBytes(item.totalBytes)}
            {failure?.requestId && <> Request {failure.requestId}.</>}
          </span>
        </div>
      </div>
      <div className="min-w-0 max-md:col-start-1">
        {failed ? <Remedy item={item} dismiss={dismiss} /> : <Progress item={item} />}
      </div>
      <div className="flex justify-end max-md:col-start-2 max-md:row-span-2 max-md:row-start-1">
        {item.kind === "media" && isGoing && (
          <IconButton label={`Pause ${item.filename}`} onClick={() => queue.pause(item.id)}>
            <Pause />
          </IconButton>
        )}
        {item.status === "paused" && (
          <IconButton label={`Resume ${item.filename}`} onClick={() => queue.resume(item.id)}>
            <Play />
          </IconButton>
        )}
        {isGoing || item.status === "paused" ? (
          <IconButton label={`Cancel ${item.filename}`} onClick={cancel}>
            <X />
          </IconButton>
        ) : (
          <IconButton label={`Dismiss ${item.filename}`} onClick={dismiss}>
            <X />
          </IconButton>
        )}
      </div>
    </li>
  );
}

function Progress({ item }: { item: UploadItem }) {
  const online = useOnline();
  const value = item.totalBytes > 0 ? item.loadedBytes / item.totalBytes : 0;
  return (
    <>
      <div className="mb-[5px] flex justify-between gap-2 whitespace-nowrap text-xs leading-4 tabular-nums">
        <span>{Math.floor(value * 100)}%</span>
        {online ? (
          <span className="text-muted-foreground">{progressNote(item, value)}</span>
        ) : (
          <span className="text-warning">Waiting for the connection</span>
        )}
      </div>
      <ProgressBar
        label={`Uploading ${item.filename}`}
        value={value}
        paused={item.status === "paused"}
      />
    </>
  );
}

function progressNote(item: UploadItem, value: number): string {
  if (item.status === "paused") return "Paused by you";
  if (item.status === "queued") return "Waiting for its turn";
  if (value >= 1) return "Checking what arrived";
  if (item.bytesPerSecond === null || item.secondsLeft === null) return "Starting";
  return `${formatSpeed(item.bytesPerSecond)}, ${formatTimeLeft(item.secondsLeft)}`;
}

/** One remedy for what failed. */
function Remedy({ item, dismiss }: { item: UploadItem; dismiss(): void }) {
  const queue = useUploadQueue();
  const refused = refusals.includes(item.error?.code ?? "");
  const isOfOtherType = item.error?.code === "UNSUPPORTED_MEDIA_TYPE";
  const keepPrivate = (file: Blob) => {
    queue.add([file], { kind: "media", options: { visibility: "private" } });
    dismiss();
  };
  const keepAsDownload = () => {
    const file = asDownload(item.file);
    if (item.kind === "media") return keepPrivate(file);
    queue.add([file], { kind: "file" });
    dismiss();
  };
  const tooLargeForFiles = item.kind === "file" && item.error?.code === "PAYLOAD_TOO_LARGE";
  return (
    <div className="flex flex-wrap items-center gap-3 py-1">
      <StateLabel tone="bad" icon={refused ? Ban : CircleX}>
        {refused ? "Refused" : "Failed"}
      </StateLabel>
      {tooLargeForFiles && (
        <Button size="sm" onClick={() => keepPrivate(item.file)}>
          Keep it as private media
        </Button>
      )}
      {isOfOtherType && (
        <Button size="sm" onClick={keepAsDownload}>
          Keep it as a download
        </Button>
      )}
      {!refused && (
        <Button size="sm" onClick={() => queue.retry(item.id)}>
          <RotateCw />
          Try again
        </Button>
      )}
    </div>
  );
}

/** Pictures up to this size are shown while they travel; larger ones would cost memory for a stamp. */
const previewBytes = 32 * 1024 * 1024;

function LocalThumb({ file }: { file: Blob }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!isShownByBrowsers(file.type) || file.size > previewBytes) return;
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => {
      setUrl(null);
      URL.revokeObjectURL(made);
    };
  }, [file]);
  return (
    <FileThumb
      contentType={file.type || "application/octet-stream"}
      url={url}
      className="h-[27px] w-9 max-md:h-[27px] max-md:w-9"
    />
  );
}
