import { type FermataError, toFermataError } from "./api-error";
import type { Fermata } from "./create-fermata";
import { createPauseControl, type PauseControl } from "./pause-control";
import type { Media } from "./procedures";
import type { PartCounts, UploadProgress } from "./progress-meter";
import { createStore, type Store } from "./store";
import type { UploadedFile, UploadFileOptions } from "./upload-file";
import type { MediaUploadState, UploadMediaOptions } from "./upload-options";
import { nameOf } from "./upload-request";
import type { RuleChoice } from "./upload-rules";

/**
 * Where a file goes: among the small private files, or to the object store; and by which rule of the server's.
 * @typeParam Server - the app's server, whose rules then give `as` and `input` their types
 */
export type UploadTarget<Server = unknown> =
  | { kind: "file"; options?: Pick<UploadFileOptions, "checksum"> & RuleChoice<Server, "file"> }
  | {
      kind: "media";
      options?: Pick<UploadMediaOptions, "visibility" | "concurrency"> &
        RuleChoice<Server, "media">;
    };

interface UploadItemBase {
  id: string;
  file: Blob;
  filename: string;
  status: "queued" | "uploading" | "paused" | "done" | "failed" | "cancelled";
  /** What an upload of media does at present, in more detail; null for files, and before and after it runs. */
  phase: MediaUploadState["phase"] | null;
  /** Of the media row, from the moment it exists. */
  key: string | null;
  /** Of `loadedBytes`, what the store had from an earlier session. */
  resumedBytes: number;
  loadedBytes: number;
  totalBytes: number;
  /** Of media that travel in parts, once they do. */
  parts: PartCounts | null;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  error: FermataError | null;
}

/** `result` is there once the status is `done`. */
export type UploadItem = UploadItemBase &
  ({ kind: "file"; result: UploadedFile | null } | { kind: "media"; result: Media | null });

/** One whose status is `done`. */
export type UploadedItem = UploadItemBase &
  ({ kind: "file"; result: UploadedFile } | { kind: "media"; result: Media });

export interface UploadQueueSnapshot {
  /** In the order in which they were added. */
  items: readonly UploadItem[];
  /** Over what is queued, on its way, paused or done; failed and cancelled items do not count. */
  loadedBytes: number;
  totalBytes: number;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  /** Items that are queued or on their way. */
  activeCount: number;
  pausedCount: number;
}

export interface UploadQueue extends Store<UploadQueueSnapshot> {
  /**
   * The same file again, while it is on its way, is the item that there is.
   * @returns the ids of the items, in order
   */
  add(files: Iterable<Blob>, target: UploadTarget): string[];
  /** Holds an item up; others take its place. Media go on where they were, files begin anew. */
  pause(id: string): void;
  pauseAll(): void;
  /** Queues a paused item again. */
  resume(id: string): void;
  resumeAll(): void;
  /** What was sent is deleted. */
  cancel(id: string): void;
  cancelAll(): void;
  /** Starts a failed or cancelled item again. Media that the network failed go on where they were. */
  retry(id: string): void;
  /** Forgets every item that is done, failed or cancelled. */
  clear(): void;
}

export interface UploadQueueOptions {
  /** Files on their way at once. Left out, three, or twelve that are small: their grants are had together. */
  concurrency?: number;
  onDone?(item: UploadItem): void;
}

interface Run {
  aborter: AbortController;
  gate: PauseControl;
}

const fresh = {
  status: "queued",
  phase: null,
  key: null,
  resumedBytes: 0,
  loadedBytes: 0,
  parts: null,
  bytesPerSecond: null,
  secondsLeft: null,
  error: null,
  result: null,
} as const;

/** Uploads many files, a few at a time, and keeps what there is to show of each. It knows no framework. */
export function createUploadQueue(
  client: { files: Pick<Fermata["files"], "upload">; media: Pick<Fermata["media"], "upload"> },
  { concurrency, onDone }: UploadQueueOptions = {},
): UploadQueue {
  const { set, ...store } = createStore(summarise([]));
  const targets = new Map<string, UploadTarget>();
  const running = new Map<string, Run>();
  let items: readonly UploadItem[] = [];
  let added = 0;

  return { ...store, add, pause, pauseAll, resume, resumeAll, cancel, cancelAll, retry, clear };

  function add(files: Iterable<Blob>, target: UploadTarget): string[] {
    const all = Array.from(files);
    const again = items.filter(
      (item) => isUnfinished(item) && item.kind === target.kind && all.includes(item.file),
    );
    const created = all
      .filter((file) => !again.some((item) => item.file === file))
      .map((file): UploadItem => {
        // Not a UUID: pages without TLS have no crypto.randomUUID.
        const id = `upload-${++added}`;
        targets.set(id, target);
        const filename = nameOf(file) ?? "untitled";
        return { id, file, filename, totalBytes: file.size, kind: target.kind, ...fresh };
      });
    replaceAll([...items, ...created]);
    startNext();
    return [...again, ...created].map(({ id }) => id);
  }

  function pause(id: string) {
    const item = find(id);
    if (!item || !isActive(item) || item.phase === "completing") return;
    const run = running.get(id);
    if (item.kind === "media") run?.gate.pause();
    else run?.aborter.abort();
    patch(id, { status: "paused", ...noSpeed, ...(item.kind === "file" && { loadedBytes: 0 }) });
    startNext();
  }

  function pauseAll() {
    // What waits first, or each pause would start the next.
    const active = items.filter(isActive);
    for (const { id } of active.filter(({ status }) => status === "queued")) pause(id);
    for (const { id } of active) pause(id);
  }

  function resume(id: string) {
    if (find(id)?.status !== "paused") return;
    patch(id, { status: "queued" });
    startNext();
  }

  function resumeAll() {
    for (const { id } of items) resume(id);
  }

  function cancel(id: string) {
    running.get(id)?.aborter.abort();
    const item = find(id);
    if (item && isUnfinished(item)) patch(id, { status: "cancelled", phase: null, ...noSpeed });
    startNext();
  }

  function cancelAll() {
    for (const item of items.filter(isUnfinished)) cancel(item.id);
  }

  function retry(id: string) {
    const item = find(id);
    if (item?.status !== "failed" && item?.status !== "cancelled") return;
    patch(id, fresh);
    startNext();
  }

  function clear() {
    replaceAll(items.filter(isUnfinished));
    const kept = new Set(items.map(({ id }) => id));
    for (const id of targets.keys()) if (!kept.has(id)) targets.delete(id);
  }

  function startNext() {
    for (;;) {
      const uploading = items.filter(({ status }) => status === "uploading");
      const next = items.find((item) => item.status === "queued" && isStartable(item));
      if (!next || uploading.length >= (concurrency ?? atOnceOf(next))) return;
      const parked = running.get(next.id);
      if (parked) {
        patch(next.id, { status: "uploading" });
        parked.gate.resume();
      } else {
        void start(next);
      }
    }
  }

  /** A run that was aborted is not over at once. */
  function isStartable({ id }: UploadItem): boolean {
    return !running.get(id)?.aborter.signal.aborted;
  }

  /** Never rejects: what goes wrong is kept on the item. */
  async function start({ id, file }: UploadItem): Promise<void> {
    const own: Run = { aborter: new AbortController(), gate: createPauseControl() };
    const { signal } = own.aborter;
    running.set(id, own);
    patch(id, { status: "uploading" });
    try {
      const result = await send(id, file, own);
      if (!signal.aborted) {
        const loadedBytes = file.size;
        patch(id, { status: "done", phase: null, result, loadedBytes, ...noSpeed });
        const done = find(id);
        if (done) onDone?.(done);
      }
    } catch (error) {
      if (!signal.aborted) {
        patch(id, { status: "failed", phase: null, error: toFermataError(error), ...noSpeed });
      }
    } finally {
      running.delete(id);
      startNext();
    }
  }

  function send(id: string, file: Blob, { aborter: { signal }, gate }: Run) {
    const target = targets.get(id);
    const onProgress = (progress: UploadProgress) => {
      if (signal.aborted) return;
      const { loadedBytes, parts = null, bytesPerSecond = null, secondsLeft = null } = progress;
      patch(id, {
        loadedBytes,
        parts,
        ...(gate.getSnapshot() ? noSpeed : { bytesPerSecond, secondsLeft }),
      });
    };
    const onState = (state: MediaUploadState) => {
      if (signal.aborted) return;
      const { phase } = state;
      const key = "key" in state ? state.key : null;
      patch(id, { phase, key, ...(phase === "sending" && { resumedBytes: state.resumedBytes }) });
    };
    return target?.kind === "file"
      ? client.files.upload(file, { ...target.options, signal, onProgress })
      : client.media.upload(file, { ...target?.options, signal, pause: gate, onProgress, onState });
  }

  function find(id: string): UploadItem | undefined {
    return items.find((candidate) => candidate.id === id);
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

/** Of small media no more fly at once than of any: they wait for their turn with their grants in hand. */
function atOnceOf({ kind, file }: UploadItem): number {
  return kind === "media" && file.size <= smallBytes ? 12 : 3;
}

const smallBytes = 8 * 1024 * 1024;

const noSpeed = { bytesPerSecond: null, secondsLeft: null };

function isActive({ status }: UploadItem): boolean {
  return status === "queued" || status === "uploading";
}

/** Neither done nor given up. */
function isUnfinished(item: UploadItem): boolean {
  return isActive(item) || item.status === "paused";
}

function summarise(items: readonly UploadItem[]): UploadQueueSnapshot {
  const counted = items.filter((item) => isUnfinished(item) || item.status === "done");
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
    pausedCount: items.filter(({ status }) => status === "paused").length,
  };
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
