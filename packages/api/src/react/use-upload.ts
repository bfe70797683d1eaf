"use client";

import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Media } from "../procedures";
import type { UploadedFile, UploadFileOptions } from "../upload-file";
import type { UploadMediaOptions } from "../upload-options";
import { createUploadTask, type UploadTask, type UploadTaskSnapshot } from "../upload-task";
import { useFermata } from "./fermata-provider";

export interface UploadHook<Result, Options>
  extends UploadTaskSnapshot<Result>,
    Pick<UploadTask<Result, Options>, "upload" | "abort" | "reset"> {}

export interface UploadMediaHook
  extends UploadHook<Media, UploadMediaOptions>,
    Pick<UploadTask<Media, UploadMediaOptions>, "pause" | "resume"> {}

/** Uploads one small private file at a time. The upload is aborted when the component goes. */
export function useUploadFile(): UploadHook<UploadedFile, UploadFileOptions> {
  const { files } = useFermata();
  return useTask(
    useMemo(() => createUploadTask<UploadedFile, UploadFileOptions>(files.upload), [files]),
  );
}

/** Uploads one photo or clip at a time. The upload is aborted when the component goes; `useUploadQueue` outlives it. */
export function useUploadMedia(): UploadMediaHook {
  const { media } = useFermata();
  const task = useMemo(() => createUploadTask<Media, UploadMediaOptions>(media.upload), [media]);
  return { ...useTask(task), pause: task.pause, resume: task.resume };
}

function useTask<Result, Options>(task: UploadTask<Result, Options>): UploadHook<Result, Options> {
  const snapshot = useSyncExternalStore(task.subscribe, task.getSnapshot, task.getSnapshot);
  useEffect(() => task.abort, [task]);
  return { ...snapshot, upload: task.upload, abort: task.abort, reset: task.reset };
}
