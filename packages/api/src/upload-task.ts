import { type FermataError, toFermataError } from "./api-error";
import { createPauseControl, type PauseControl } from "./pause-control";
import type { UploadProgress } from "./progress-meter";
import { anySignal } from "./signals";
import { createStore, type Store } from "./store";

export interface UploadTaskSnapshot<Result> {
  status: "idle" | "uploading" | "paused" | "success" | "error";
  /** From 0 to 1 while an upload runs and once it is through, else null. */
  progress: number | null;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  result: Result | null;
  error: FermataError | null;
}

export interface UploadTask<Result, Options> extends Store<UploadTaskSnapshot<Result>> {
  /**
   * Starts an upload; one of another file that is still running is aborted. The same file again, as by a double click, is the
   * upload that runs already. Rejects with a FermataError.
   */
  upload(file: Blob, options?: Options): Promise<Result>;
  /** Cancels: what was sent is deleted. */
  abort(): void;
  /** Holds a running upload up; uploads that know no pause run on. */
  pause(): void;
  resume(): void;
  /** Aborts, and forgets the outcome. */
  reset(): void;
}

export interface TaskOptions {
  signal?: AbortSignal;
  pause?: PauseControl;
  onProgress?(progress: UploadProgress): void;
}

interface Run {
  aborter: AbortController;
  gate: PauseControl;
}

/** One upload at a time, with its state to look at. The framework-free core of `useUploadFile` and `useUploadMedia`. */
export function createUploadTask<Result, Options extends TaskOptions>(
  run: (file: Blob, options: Options | TaskOptions) => Promise<Result>,
): UploadTask<Result, Options> {
  const idle: UploadTaskSnapshot<Result> = {
    status: "idle",
    progress: null,
    bytesPerSecond: null,
    secondsLeft: null,
    result: null,
    error: null,
  };
  const { set, ...store } = createStore(idle);
  let current: Run | null = null;
  let latest: { file: Blob; run: Run; result: Promise<Result> } | null = null;

  return { ...store, upload, abort, pause, resume, reset };

  function upload(file: Blob, options?: Options): Promise<Result> {
    if (latest?.file === file && latest.run === current && !current.aborter.signal.aborted) {
      return latest.result;
    }
    abort();
    const own = { aborter: new AbortController(), gate: options?.pause ?? createPauseControl() };
    current = own;
    latest = { file, run: own, result: start(own, file, options) };
    return latest.result;
  }

  async function start(own: Run, file: Blob, options?: Options): Promise<Result> {
    const { signal } = own.aborter;
    const change = (part: Partial<UploadTaskSnapshot<Result>>) => {
      if (current === own) set({ ...store.getSnapshot(), ...part });
    };
    set({ ...idle, status: "uploading", progress: 0 });
    const unsubscribe = own.gate.subscribe(() =>
      change(own.gate.getSnapshot() ? { status: "paused", ...noSpeed } : { status: "uploading" }),
    );
    try {
      const result = await run(file, {
        ...options,
        signal: anySignal(options?.signal, signal),
        pause: own.gate,
        onProgress(progress: UploadProgress) {
          change(describe(progress));
          options?.onProgress?.(progress);
        },
      });
      change({ ...idle, status: "success", progress: 1, result });
      return result;
    } catch (thrown) {
      const error = toFermataError(thrown);
      change(error.code === "ABORTED" ? idle : { ...idle, status: "error", error });
      throw error;
    } finally {
      unsubscribe();
      if (current === own) current = null;
      if (latest?.run === own) latest = null;
    }
  }

  function abort() {
    current?.aborter.abort();
  }

  function pause() {
    current?.gate.pause();
  }

  function resume() {
    current?.gate.resume();
  }

  function reset() {
    abort();
    current = null;
    set(idle);
  }
}

const noSpeed = { bytesPerSecond: null, secondsLeft: null };

function describe({ loadedBytes, totalBytes, bytesPerSecond, secondsLeft }: UploadProgress) {
  return {
    progress: totalBytes === 0 ? 1 : loadedBytes / totalBytes,
    bytesPerSecond: bytesPerSecond ?? null,
    secondsLeft: secondsLeft ?? null,
  };
}
