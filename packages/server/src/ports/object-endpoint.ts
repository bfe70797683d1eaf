import type { BytesAnswer, BytesRequest } from "../bytes/serve-bytes";

/** A store's own endpoint, where the bytes are ours to serve. */
export interface ObjectEndpoint {
  answer(
    request: BytesRequest & { url: string; body: AsyncIterable<Uint8Array> | null },
    requestId: string,
  ): Promise<BytesAnswer<AsyncGenerator<Uint8Array, undefined>>>;
}
