import type { Clock } from "../ports/clock";
import type { CompleteWithLast, ObjectEndpoint, ReceivedPart } from "../ports/object-endpoint";
import type { ObjectStore } from "../ports/object-store";

/** What a store is opened with: the server's own, and what it asks of the rows. */
export interface StoreParts {
  secret: string;
  clock: Clock;
  basePath: string;
  onPart(part: ReceivedPart): Promise<void>;
  completeWithLast: CompleteWithLast;
  /** Whether bytes are still taken for an upload. */
  stateOf(upload: { key: string; uploadId: string | null }): Promise<"open" | "complete" | "over">;
}

export interface OpenedStore {
  name: "disk" | "s3";
  objects: ObjectStore;
  /** Where a disk store keeps them. */
  directory?: string;
  /** Serves the objects where they are ours to serve; null where a real S3 does. */
  handle: ((request: Request, requestId: string, origin: string) => Promise<Response>) | null;
  /** The same, straight from Node's request. */
  endpoint: ObjectEndpoint | null;
}

/** Opens the store of bytes once the rest of the server is there. */
export type StoreFactory = (parts: StoreParts) => OpenedStore;
