"use client";

import { type ComponentProps, useSyncExternalStore } from "react";
import { describeDropzone } from "../react/describe-dropzone";
import { useSharedQueue } from "../react/use-upload-queue";
import type { UploadQueue as Queue } from "../upload-queue";
import { UploadList } from "./upload-list";
import { englishWords, formatSeconds, formatShare, type UploadWords } from "./upload-words";

export interface UploadQueueProps extends Omit<ComponentProps<"section">, "children"> {
  /** Left out, the provider's: of `useUploadQueue`, and of what is given `queue="shared"`. */
  queue?: Queue;
  words?: Partial<UploadWords>;
}

/** All uploads of a queue, with what can be done about each and about all; nothing while there are none. */
export function UploadQueue({ queue: given, words: ownWords, ...props }: UploadQueueProps) {
  const words = { ...englishWords, ...ownWords };
  const shared = useSharedQueue();
  const queue = given ?? shared;
  const snapshot = useSyncExternalStore(queue.subscribe, queue.getSnapshot, queue.getSnapshot);
  const { items, activeCount, pausedCount, loadedBytes, totalBytes, secondsLeft } = snapshot;
  if (items.length === 0) return null;
  const isUploading = activeCount > 0;
  const progress = totalBytes > 0 ? loadedBytes / totalBytes : null;
  const isOver = items.some(({ status }) => ["done", "failed", "cancelled"].includes(status));
  return (
    <section data-fermata="upload-queue" aria-label={words.uploads} {...props}>
      <div data-part="head">
        <b data-part="label">{words.uploads}</b>
        <span data-part="note">
          {isUploading && formatShare(progress ?? 0, words)}
          {isUploading &&
            secondsLeft !== null &&
            ` · ${words.timeLeft(formatSeconds(secondsLeft, words))}`}
        </span>
        {isUploading && (
          <button type="button" data-part="text-act" onClick={queue.pauseAll}>
            {words.pauseAll}
          </button>
        )}
        {!isUploading && pausedCount > 0 && (
          <button type="button" data-part="text-act" onClick={queue.resumeAll}>
            {words.resumeAll}
          </button>
        )}
        {isOver && (
          <button type="button" data-part="text-act" onClick={queue.clear}>
            {words.clear}
          </button>
        )}
      </div>
      <UploadList
        items={items}
        words={words}
        cancel={queue.cancel}
        retry={queue.retry}
        pause={queue.pause}
        resume={queue.resume}
      />
      <div role="status" data-part="unseen">
        {describeDropzone({ items, rejected: [], isUploading, progress })}
      </div>
    </section>
  );
}
