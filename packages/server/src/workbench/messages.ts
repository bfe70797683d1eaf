import type { ErrorCode, ErrorDetails } from "@fermata/contract";
import type { TaskName } from "./tasks";

/** What the server says to a process of the workbench. */
export type ToBench =
  | { kind: "run"; name: TaskName; input: unknown }
  | { kind: "part"; readId: number; bytes: Uint8Array | null };

/** What a process of the workbench says. One works on one thing at a time, so that nothing needs a name. */
export type FromBench =
  | { kind: "ready" }
  | { kind: "read"; readId: number; start: number; end: number }
  | { kind: "done"; value: unknown; rssBytes: number }
  | { kind: "failed"; failure: Failure; rssBytes: number };

/** A failure that crosses from one process to another: one that is expected, or any other in its own words. */
export type Failure =
  | { code: ErrorCode; details: ErrorDetails | undefined }
  | { code: null; text: string };
