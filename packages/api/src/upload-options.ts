import type { PauseControl } from "./pause-control";
import type { UploadProgress } from "./progress-meter";

/** What an upload is doing. `key` names the media row from the moment the sender knows it: of one that goes in one request, not before the end. */
export type MediaUploadState =
  | { phase: "preparing" }
  /** Another tab of this browser sends the same file. Its outcome is taken, or its work continued should it go. */
  | { phase: "waiting"; key: string }
  /** `resumedBytes` are in the store since an earlier session. */
  | { phase: "sending"; key: string | null; resumedBytes: number }
  | { phase: "paused"; key: string | null }
  | { phase: "completing"; key: string | null };

export interface UploadMediaOptions {
  /** The name of a rule of the server's own, and what the rule takes along. */
  as?: string;
  input?: unknown;
  /** Taken from the `File` when left out. */
  filename?: string;
  /** `public` media are read at their `publicUrl` by anybody, `private` ones only through signed URLs. */
  visibility?: "public" | "private";
  onProgress?(progress: UploadProgress): void;
  onState?(state: MediaUploadState): void;
  /** Cancels: what was sent is deleted. To keep it, use `pause`, or close the page. */
  signal?: AbortSignal;
  /** Holds the upload up and lets it go on. See `createPauseControl`. */
  pause?: PauseControl;
  /**
   * Parts in flight at once, at most: from 1 to 16. Left out, four to begin with, then one to six as the network allows,
   * shared by all uploads of the client.
   */
  concurrency?: number;
  /** Have the store compare a checksum of each part; left out where the page has none that the store takes. Default: true. */
  checksum?: boolean;
  /** Continue an upload of the same file that an earlier page, or another browser of the user, left. Default: true. */
  resume?: boolean;
}
