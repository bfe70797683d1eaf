"use client";

import { useSyncExternalStore } from "react";
import { createUploadQueue, type UploadQueue, type UploadQueueSnapshot } from "../upload-queue";
import { useFermataContext } from "./fermata-provider";

export interface UploadQueueHook
  extends UploadQueueSnapshot,
    Pick<
      UploadQueue,
      | "add"
      | "pause"
      | "pauseAll"
      | "resume"
      | "resumeAll"
      | "cancel"
      | "cancelAll"
      | "retry"
      | "clear"
    > {}

/** The provider's upload queue, for drop zones and for the tray that shows them all. */
export function useUploadQueue(): UploadQueueHook {
  const { subscribe, getSnapshot, ...actions } = useSharedQueue();
  return { ...useSyncExternalStore(subscribe, getSnapshot, getSnapshot), ...actions };
}

/** The provider's upload queue itself, which is made when it is first asked for. */
export function useSharedQueue(): UploadQueue {
  const shared = useFermataContext();
  shared.queue ??= createUploadQueue(shared.client);
  return shared.queue;
}
