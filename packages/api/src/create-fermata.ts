import type { Media, UnfinishedUpload } from "@fermata/contract";
import type { AppRouter } from "@fermata/server/api-types";
import { createTRPCClient, type TRPCClient } from "@trpc/client";
import { baseUrlOf } from "./base-url";
import { defaultFetch } from "./default-fetch";
import { createLinks, type TokenSource } from "./links";
import { defaultRetryPolicy, type RetryPolicy } from "./retry";
import { type UploadedFile, type UploadFileOptions, uploadFile } from "./upload-file";
import { uploadMedia } from "./upload-media";
import type { UploadMediaOptions } from "./upload-options";
import { Parallelism } from "./upload-parallelism";
import type { RuleChoice } from "./upload-rules";

export interface FermataOptions {
  /**
   * The server's origin, such as `https://example.com`; empty for the page's own. Where Fermata is mounted in an app, the
   * address of its route: `/api/fermata`.
   */
  url: string;
  /** Identifies the caller where the session cookie does not reach: on other origins and outside browsers. */
  token?: TokenSource;
  fetch?: typeof globalThis.fetch;
  /** How uploads deal with a failing network. */
  retry?: Partial<RetryPolicy>;
}

/** @typeParam Server - the app's server, whose rules then give `as` and `input` their types: `Fermata<typeof fermata>` */
export interface Fermata<Server = unknown> {
  /** Below what it asks the server. */
  readonly baseUrl: string;
  /** Every procedure of the server, typed. Failures: see `toFermataError`. */
  trpc: TRPCClient<AppRouter>;
  /** The same server, spoken to with another bearer: a room's token, say. `keepalive` lets requests outlive the page. */
  as(token: TokenSource, init?: { keepalive?: boolean }): Fermata<Server>;
  files: {
    /** Stores a small private file. See `uploadFile`. */
    upload(
      file: Blob,
      options?: Omit<UploadFileOptions, "as" | "input"> & RuleChoice<Server, "file">,
    ): Promise<UploadedFile>;
  };
  media: {
    /** Sends heavy media straight to the object store. See `uploadMedia`. */
    upload(
      file: Blob,
      options?: Omit<UploadMediaOptions, "as" | "input"> & RuleChoice<Server, "media">,
    ): Promise<Media>;
    /**
     * Uploads that earlier pages, or other browsers of the user, left half-way: newest first. To continue one, have its
     * file chosen again and upload it as ever.
     */
    findUnfinished(): Promise<UnfinishedUpload[]>;
    /** Gives an unfinished upload up: its bytes are deleted, its quota is released. */
    discard(key: string): Promise<void>;
  };
}

/** The client of one Fermata server. Make one and keep it: it batches the queries made through it. */
export function createFermata<Server = unknown>({
  url,
  token,
  ...options
}: FermataOptions): Fermata<Server> {
  const fetch = options.fetch ?? defaultFetch;
  const baseUrl = baseUrlOf(url);
  const trpc = createTRPCClient<AppRouter>({
    links: createLinks({ baseUrl, token, fetch }),
  });
  const context = {
    trpc,
    fetch,
    retry: { ...defaultRetryPolicy, ...options.retry },
    parallelism: new Parallelism(),
  };
  return {
    baseUrl,
    trpc,
    as: (otherToken, { keepalive = false } = {}) =>
      createFermata<Server>({
        ...options,
        url,
        token: otherToken,
        fetch: keepalive ? (input, init) => fetch(input, { ...init, keepalive }) : fetch,
      }),
    files: {
      upload: (file, uploadOptions) =>
        uploadFile(context, file, uploadOptions as UploadFileOptions),
    },
    media: {
      upload: (file, uploadOptions) =>
        uploadMedia(context, file, uploadOptions as UploadMediaOptions),
      findUnfinished: async () => (await trpc.storage.listUnfinished.query()).items,
      discard: async (key) => {
        await trpc.storage.abortUpload.mutate({ key });
      },
    },
  };
}
