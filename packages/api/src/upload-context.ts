import type { AppRouter } from "@fermata/server/api-types";
import type { TRPCClient } from "@trpc/client";
import type { RetryPolicy } from "./retry";
import type { Parallelism } from "./upload-parallelism";

/** What single requests with bytes need of the client that they belong to. */
export interface RequestContext {
  trpc: TRPCClient<AppRouter>;
  fetch: typeof globalThis.fetch;
  retry: RetryPolicy;
}

/** What uploads of media need. */
export interface UploadContext extends RequestContext {
  /** Of the parts of all uploads together. */
  parallelism: Parallelism;
}
