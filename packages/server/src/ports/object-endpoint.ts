import type { Media } from "@fermata/contract";
import type { BytesAnswer, BytesRequest } from "../bytes/serve-bytes";
import type { AppError } from "../ground/errors";
import type { BucketName } from "./object-store";

/** A part that a store of ours received itself. */
export interface ReceivedPart {
  bucket: BucketName;
  key: string;
  uploadId: string;
  partNumber: number;
  sizeBytes: number;
  etag: string;
}

/**
 * Completes the upload that a part was the last missing of. An error says why it may not become media, and is over with it;
 * where it merely failed, whoever completes it by its procedure hears why: the part itself is there.
 */
export type CompleteWithLast = (
  upload: Pick<ReceivedPart, "key" | "uploadId">,
  origin: string,
) => Promise<Media | AppError | "missing" | "failed">;

/** A store's own endpoint, where the bytes are ours to serve. */
export interface ObjectEndpoint {
  answer(
    request: BytesRequest & {
      url: string;
      /** Where the caller reached this server; left out where the URL says it. */
      origin?: string;
      body: AsyncIterable<Uint8Array> | null;
    },
    requestId: string,
  ): Promise<BytesAnswer<AsyncGenerator<Uint8Array, undefined>>>;
}
