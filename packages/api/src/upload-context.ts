import type { FermataCore } from "./create-core";
import type { RetryPolicy } from "./retry";
import type { Together } from "./together";
import type { Parallelism } from "./upload-parallelism";

/** What single requests with bytes need of the client that they belong to. */
export interface RequestContext {
  trpc: FermataCore["trpc"];
  fetch: typeof globalThis.fetch;
  retry: RetryPolicy;
}

/** What uploads of media need. */
export interface UploadContext extends RequestContext {
  /** Of the parts of all uploads together. */
  parallelism: Parallelism;
  /** Completions of whole files, which go in groups. */
  together: Together;
  /** Who sends, as headers; none where a cookie says it. */
  authorization(isRefused?: boolean): Promise<Record<string, string>>;
  /** Of media that this client sends whole at the moment: what another page left is none of them. */
  keysUnderWay: Set<string>;
  /** Whether there may be another one where the last was not taken. */
  renewsTokens: boolean;
  /** Below what the server is asked. */
  baseUrl: string;
  /** How the server takes whole media itself, as it has said so; nothing where they go straight to a store elsewhere. */
  takes: {
    /** Where it keeps them. */
    direct?: { maxBytes: number };
    /** Where it passes them on to a store elsewhere, to which there is a way without it. */
    passOn?: { maxBytes: number };
    /** Whether it takes the first part of an upload in parts while that is opened. */
    firstPart?: { maxBytes: number };
  };
  /** A proxy before the server refused a body of this size. */
  refusedBytes?: number;
}
