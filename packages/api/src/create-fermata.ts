import {
  createCore,
  type FermataCore,
  type FermataOptions,
  partsOfClient,
  shareParts,
  withToken,
} from "./create-core";
import type { TokenSource } from "./links";
import type { Media, UnfinishedUpload } from "./procedures";
import type { UploadedFile, UploadFileOptions } from "./upload-file";
import type { UploadMediaOptions } from "./upload-options";
import type { RuleChoice } from "./upload-rules";

/** @typeParam Server - the app's server, whose rules then give `as` and `input` their types: `Fermata<typeof fermata>` */
export interface Fermata<Server = unknown> extends FermataCore {
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
     * Asks the server beforehand how it takes media, and loads what sends them, so that the first upload waits for neither.
     * For a page that shows where to choose files.
     */
    prepare(): Promise<void>;
    /**
     * Uploads that earlier pages, or other browsers of the user, left half-way: newest first. To continue one, have its
     * file chosen again and upload it as ever.
     */
    findUnfinished(): Promise<UnfinishedUpload[]>;
    /** Gives an unfinished upload up: its bytes are deleted, its quota is released. */
    discard(key: string): Promise<void>;
  };
}

/**
 * The client of one Fermata server. Make one and keep it: it batches the queries made through it. What sends files and media
 * is loaded with the first upload.
 */
export function createFermata<Server = unknown>(options: FermataOptions): Fermata<Server> {
  const core = createCore(options);
  const { trpc } = core;
  const client: Fermata<Server> = {
    ...core,
    as: (token, init) => createFermata<Server>(withToken(options, token, init)),
    files: {
      upload: async (file, uploadOptions) => {
        const { uploadFile } = await import("./file-uploads");
        return uploadFile(client, file, uploadOptions as UploadFileOptions);
      },
    },
    media: {
      upload: async (file, uploadOptions) => {
        const { uploadMedia } = await import("./media-uploads");
        return uploadMedia(client, file, uploadOptions as UploadMediaOptions);
      },
      prepare: async () => {
        const { prepareMedia } = await import("./media-uploads");
        await prepareMedia(client);
      },
      findUnfinished: async () => (await trpc.storage.listUnfinished.query()).items,
      discard: async (key) => {
        await trpc.storage.abortUpload.mutate({ key });
      },
    },
  };
  shareParts(client, partsOfClient(core));
  return client;
}
