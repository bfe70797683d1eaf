import type { Media } from "@fermata/contract";
import { type FermataError, toFermataError } from "./api-error";
import type { Fermata } from "./create-fermata";
import type { UploadProgress } from "./progress-meter";
import { createStore, type Store } from "./store";
import { nameOf, type UploadedFile, type UploadFileOptions } from "./upload-file";
import type { UploadMediaOptions } from "./upload-media";

/** Where a file goes: among the small private files, or to the object store. */
export type UploadTarget =
  | { kind: "file"; options?: Pick<UploadFileOptions, "checksum"> }
  | { kind: "media"; options?: Pick<UploadMediaOptions, "visibility" | "concurrency"> };

interface UploadItemBase {
  id: string;
  file: Blob;
  filename: string;
  status: "queued" | "uploading" | "done" | "failed" | "cancelled";
  loadedBytes: number;
  totalBytes: number;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  error: FermataError | null;
}

/** `result` is there once the status is `done`. */
export type UploadItem = UploadItemBase &
  ({ kind: "file"; result: UploadedFile | null } | { kind: "media"; result: Media | null });

export interface UploadQueueSnapshot {
  /** In the order in which they were added. */
  items: readonly UploadItem[];
  /** Over what is queued, on its way or done; failed and cancelled items do not count. */
  loadedBytes: number;
  totalBytes: number;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  /** Items that are queued or on their way. */
  activeCount: number;
}

export interface UploadQueue extends Store<UploadQueueSnapshot> {
  /** @returns the ids of the new items, in order */
  add(files: Iterable<Blob>, target: UploadTarget): string[];
  cancel(id: string): void;
  cancelAll(): void;
  /** Starts a failed or cancelled item again. */
  retry(id: string): void;
  /** Forgets every item that is neither queued nor on its way. */
  clear(): void;
}

export interface UploadQueueOptions {
  /** Files on their way at once. */
  concurrency?: number;
  onDone?(item: UploadItem): void;
}

const fresh = {
  status: "queued",
  loadedBytes: 0,
  bytesPerSecond: null,
  secondsLeft: null,
  error: null,
  result: null,
} as const;

/** Uploads many files, a few at a time, and keeps what there is to show of each. It knows no framework. */
export function createUploadQueue(
  client: Pick<Fermata, "files" | "media">,
  { concurrency = 3, onDone }: UploadQueueOptions = {},
): UploadQueue {
  const { set, ...store } = createStore(summarise([]));
  const targets = new Map<string, UploadTarget>();
  const running = new Map<string, AbortController>();
  let items: readonly UploadItem[] = [];
  let added = 0;

  return { ...store, add, cancel, cancelAll, retry, clear };

  function add(files: Iterable<Blob>, target: UploadTarget): string[] {
    const created = Array.from(files, (file): UploadItem => {
      // Not a UUID: pages without TLS have no crypto.randomUUID.
      const id = `upload-${++added}`;
      targets.set(id, target);
      const filename = nameOf(file) ?? "untitled";
      return { id, file, filename, totalBytes: file.size, kind: target.kind, ...fresh };
    });
    replaceAll([...items, ...created]);
    startNext();
    return created.map(({ id }) => id);
  }

  function cancel(id: string) {
    running.get(id)?.abort();
    const item = items.find((candidate) => candidate.id === id);
    if (item && isActive(item)) patch(id, { status: "cancelled", ...noSpeed });
    startNext();
  }

  function cancelAll() {
    for (const item of items.filter(isActive)) cancel(item.id);
  }

  function retry(id: string) {
    const item = items.find((candidate) => candidate.id === id);
    if (item?.status !== "failed" && item?.status !== "cancelled") return;
    patch(id, fresh);
    startNext();
  }

  function clear() {
    replaceAll(items.filter(isActive));
    const kept = new Set(items.map(({ id }) => id));
    for (const id of targets.keys()) if (!kept.has(id)) targets.delete(id);
  }

  function startNext() {
    while (running.size < concurrency) {
      const next = items.find((item) => item.status === "queued" && !running.has(item.id));
      if (!next) return;
      void start(next);
    }
  }

  /** Never rejects: what goes wrong is kept on the item. */
  async function start({ id, file }: UploadItem): Promise<void> {
    const own = new AbortController();
    running.set(id, own);
    patch(id, { status: "uploading" });
    try {
      const result = await send(id, file, own.signal);
      if (!own.signal.aborted) {
        patch(id, { status: "done", result, loadedBytes: file.size, ...noSpeed });
        const done = items.find((item) => item.id === id);
        if (done) onDone?.(done);
      }
    } catch (error) {
      if (!own.signal.aborted) {
        patch(id, { status: "failed", error: toFermataError(error), ...noSpeed });
      }
    } finally {
      running.delete(id);
      startNext();
    }
  }

  function send(id: string, file: Blob, signal: AbortSignal) {
    const target = targets.get(id);
    const onProgress = (progress: UploadProgress) => {
      if (signal.aborted) return;
      const { loadedBytes, bytesPerSecond = null, secondsLeft = null } = progress;
      patch(id, { loadedBytes, bytesPerSecond, secondsLeft });
    };
    return target?.kind === "file"
      ? client.files.upload(file, { ...target.options, signal, onProgress })
      : client.media.upload(file, { ...target?.options, signal, onProgress });
  }

  function patch(id: string, change: Partial<UploadItemBase> & { result?: unknown }) {
    replaceAll(
      items.map((item) => (item.id === id ? ({ ...item, ...change } as UploadItem) : item)),
    );
  }

  function replaceAll(next: readonly UploadItem[]) {
    items = next;
    set(summarise(items));
  }
}

const noSpeed = { bytesPerSecond: null, secondsLeft: null };

function isActive({ status }: UploadItem): boolean {
  return status === "queued" || status === "uploading";
}

function summarise(items: readonly UploadItem[]): UploadQueueSnapshot {
  const counted = items.filter((item) => isActive(item) || item.status === "done");
  const loadedBytes = sum(counted.map((item) => item.loadedBytes));
  const totalBytes = sum(counted.map((item) => item.totalBytes));
  const speed = sum(counted.map((item) => item.bytesPerSecond ?? 0));
  return {
    items,
    loadedBytes,
    totalBytes,
    bytesPerSecond: speed > 0 ? speed : null,
    secondsLeft: speed > 0 ? (totalBytes - loadedBytes) / speed : null,
    activeCount: items.filter(isActive).length,
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
