import type { BytesAnswer, BytesRequest } from "../bytes/serve-bytes";
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

/** A store's own endpoint, where the bytes are ours to serve. */
export interface ObjectEndpoint {
  answer(
    request: BytesRequest & { url: string; body: AsyncIterable<Uint8Array> | null },
    requestId: string,
  ): Promise<BytesAnswer<AsyncGenerator<Uint8Array, undefined>>>;
}
