import type { FermataError } from "../api-error";
import type { UploadItem } from "../upload-queue";

/** What was not even begun, and why: its type, its size, a second file where one is taken, or a folder. */
export interface RejectedFile {
  filename: string;
  /** UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE or INVALID_INPUT. */
  error: FermataError;
}

export interface FileDropzoneState {
  /** Files hang over it. */
  isDragging: boolean;
  draggedCount: number;
  isUploading: boolean;
  /** From 0 to 1 over everything that was taken and did not fail; null while there is nothing. */
  progress: number | null;
  /** In the order in which they came, with their status, progress and typed error. */
  items: readonly UploadItem[];
  /** Of the last drop, paste or choice. */
  rejected: readonly RejectedFile[];
  /** What is taken, as of `<input type="file">`: as it was set, else by the rule of the target; undefined for everything. */
  accept: string | undefined;
  /** The largest file that is taken, where it was set or a rule says it. */
  maxBytes: number | undefined;
  /** Opens the browser's file chooser. */
  open(): void;
  cancel(id: string): void;
  retry(id: string): void;
  /** Holds an upload up; media go on where they were, files begin anew. */
  pause(id: string): void;
  resume(id: string): void;
  /** Forgets what is over, and what was rejected. */
  clear(): void;
}
