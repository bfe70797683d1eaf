import type { AppRouter } from "@fermata/server/api-types";
import type { TRPCClient } from "@trpc/client";
import type { RetryPolicy } from "./retry";
import type { Parallelism } from "./upload-parallelism";

/** What uploads need of the client that they belong to. */
export interface UploadContext {
  trpc: TRPCClient<AppRouter>;
  fetch: typeof globalThis.fetch;
  retry: RetryPolicy;
  /** Of the parts of all uploads together. */
  parallelism: Parallelism;
}
