import { type FermataError, toFermataError } from "./api-error";
import type { UploadProgress } from "./progress-meter";
import { createStore, type Store } from "./store";

export interface UploadTaskSnapshot<Result> {
  status: "idle" | "uploading" | "success" | "error";
  /** From 0 to 1 while an upload runs and once it is through, else null. */
  progress: number | null;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  result: Result | null;
  error: FermataError | null;
}

export interface UploadTask<Result, Options> extends Store<UploadTaskSnapshot<Result>> {
  /** Starts an upload; one that is still running is aborted. Rejects with a FermataError. */
  upload(file: Blob, options?: Options): Promise<Result>;
  abort(): void;
  /** Aborts, and forgets the outcome. */
  reset(): void;
}

export interface TaskOptions {
  signal?: AbortSignal;
  onProgress?(progress: UploadProgress): void;
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
  let current: AbortController | null = null;

  return { ...store, upload, abort, reset };

  async function upload(file: Blob, options?: Options): Promise<Result> {
    current?.abort();
    const own = new AbortController();
    current = own;
    set({ ...idle, status: "uploading", progress: 0 });
    try {
      const result = await run(file, {
        ...options,
        signal: options?.signal ? AbortSignal.any([options.signal, own.signal]) : own.signal,
        onProgress(progress: UploadProgress) {
          if (current === own) set({ ...store.getSnapshot(), ...describe(progress) });
          options?.onProgress?.(progress);
        },
      });
      if (current === own) set({ ...idle, status: "success", progress: 1, result });
      return result;
    } catch (thrown) {
      const error = toFermataError(thrown);
      if (current === own) {
        set(error.code === "ABORTED" ? idle : { ...idle, status: "error", error });
      }
      throw error;
    } finally {
      if (current === own) current = null;
    }
  }

  function abort() {
    current?.abort();
  }

  function reset() {
    current?.abort();
    current = null;
    set(idle);
  }
}

function describe({ loadedBytes, totalBytes, bytesPerSecond, secondsLeft }: UploadProgress) {
  return {
    progress: totalBytes === 0 ? 1 : loadedBytes / totalBytes,
    bytesPerSecond: bytesPerSecond ?? null,
    secondsLeft: secondsLeft ?? null,
  };
}
