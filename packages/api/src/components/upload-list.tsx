"use client";

import { useEffect, useRef } from "react";
import type { UploadItem, UploadQueue } from "../upload-queue";
import {
  CancelIcon,
  DoneIcon,
  FailedIcon,
  FileIcon,
  PauseIcon,
  ResumeIcon,
  RetryIcon,
} from "./icons";
import { formatBytes, formatSeconds, formatShare, type UploadWords } from "./upload-words";

export type UploadActs = Pick<UploadQueue, "cancel" | "retry" | "pause" | "resume">;

interface UploadListProps extends UploadActs {
  items: readonly UploadItem[];
  words: UploadWords;
}

/** A line for each upload: its name, how far it is, and what can be done about it. */
export function UploadList({ items, words, ...acts }: UploadListProps) {
  const list = useRef<HTMLUListElement>(null);
  const hadFocus = useRef(false);
  useEffect(() => {
    // A button that went took the focus along: whoever steers by keys goes on here.
    if (hadFocus.current && document.activeElement === document.body) list.current?.focus();
  });
  return (
    <ul
      ref={list}
      data-part="list"
      tabIndex={-1}
      aria-label={words.uploads}
      onFocus={() => {
        hadFocus.current = true;
      }}
      onBlur={({ relatedTarget, currentTarget }) => {
        // Without a target, it is the button that goes.
        if (relatedTarget && !currentTarget.contains(relatedTarget)) hadFocus.current = false;
      }}
    >
      {items.map((item) => (
        <UploadLine key={item.id} item={item} words={words} acts={acts} />
      ))}
    </ul>
  );
}

interface UploadLineProps {
  item: UploadItem;
  words: UploadWords;
  acts: UploadActs;
}

function UploadLine({ item, words, acts }: UploadLineProps) {
  const { id, filename, status, loadedBytes, totalBytes } = item;
  const isOver = status === "failed" || status === "cancelled";
  const isOnItsWay = status === "uploading" || status === "paused" || status === "queued";
  const share = totalBytes > 0 ? loadedBytes / totalBytes : 0;
  const canPause = isOnItsWay && item.phase !== "completing";
  return (
    <li data-part="item" data-status={status} data-kind={item.kind}>
      <span data-part="mark">
        {status === "done" ? <DoneIcon /> : status === "failed" ? <FailedIcon /> : <FileIcon />}
      </span>
      <span data-part="name" title={filename}>
        <bdi>{filename}</bdi>
      </span>
      <span data-part="note">
        <bdi>{noteOf(item, words)}</bdi>
      </span>
      {isOnItsWay && (
        <span
          data-part="progress"
          role="progressbar"
          aria-label={filename}
          aria-valuenow={Math.floor(share * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <span data-part="bar" style={{ inlineSize: `${share * 100}%` }} />
        </span>
      )}
      <span data-part="acts">
        {canPause && (
          <button
            type="button"
            data-part="act"
            aria-label={status === "paused" ? words.resume(filename) : words.pause(filename)}
            onClick={() => (status === "paused" ? acts.resume(id) : acts.pause(id))}
          >
            {status === "paused" ? <ResumeIcon /> : <PauseIcon />}
          </button>
        )}
        {status !== "done" && (
          <button
            type="button"
            data-part="act"
            aria-label={isOver ? words.retry(filename) : words.cancel(filename)}
            onClick={() => (isOver ? acts.retry(id) : acts.cancel(id))}
          >
            {isOver ? <RetryIcon /> : <CancelIcon />}
          </button>
        )}
      </span>
    </li>
  );
}

function noteOf(item: UploadItem, words: UploadWords): string {
  const { status, phase, error, totalBytes, loadedBytes, secondsLeft } = item;
  const size = formatBytes(totalBytes, words);
  if (status === "failed") return error ? words.failure(error) : "";
  if (status === "cancelled") return words.cancelled;
  if (status === "done") return `${words.done} · ${size}`;
  if (status === "queued") return `${words.queued} · ${size}`;
  const share = formatShare(totalBytes > 0 ? loadedBytes / totalBytes : 0, words);
  if (status === "paused") return `${words.paused} · ${share}`;
  if (phase === "waiting") return words.elsewhere;
  if (phase === "completing") return words.completing;
  if (loadedBytes === 0) return `${words.preparing} · ${size}`;
  if (secondsLeft === null) return `${share} · ${size}`;
  return `${share} · ${words.timeLeft(formatSeconds(secondsLeft, words))}`;
}
