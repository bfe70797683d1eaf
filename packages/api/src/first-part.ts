import type { BytesResponse } from "./bytes-request";
import { sendBytes } from "./send-bytes";
import { anySignal } from "./signals";
import type { UploadContext } from "./upload-context";
import type { UploadMediaOptions } from "./upload-options";

/**
 * The first part of an upload, on its way to the server while that opens the upload: so the line is not idle until there is
 * a URL. What does not get through so goes like every other part.
 */
export class FirstPart {
  /** Tells the server which upload it belongs to; for one call. */
  readonly opening = crypto.getRandomValues(new Uint32Array(4)).join("-");
  readonly #cut = new AbortController();
  #answer: Promise<BytesResponse | null> | null;
  readonly #unsubscribe: (() => void) | undefined;
  #isAnswered = false;
  #onProgress: ((sentBytes: number) => void) | null = null;

  constructor(
    context: UploadContext,
    bytes: Blob,
    { signal, pause }: Pick<UploadMediaOptions, "signal" | "pause">,
  ) {
    // Why it did not get through, those that go by their URLs hear, too.
    const sending = pause?.getSnapshot()
      ? null
      : this.#send(context, bytes, anySignal(signal, this.#cut.signal));
    this.#answer = sending?.catch(() => null) ?? null;
    this.#unsubscribe = pause?.subscribe(() => pause.getSnapshot() && this.end());
  }

  async #send(
    context: UploadContext,
    body: Blob,
    signal: AbortSignal,
  ): Promise<BytesResponse | null> {
    const response = await sendBytes(context.fetch, {
      url: `${context.baseUrl}/media/part?opening=${this.opening}`,
      method: "POST",
      headers: {
        ...(await context.authorization()),
        "want-digest": "sha-256",
      },
      body,
      onProgress: (sentBytes) => this.#onProgress?.(sentBytes),
      stallMs: context.retry.stallMs,
      signal,
    });
    this.#isAnswered = true;
    if (response.status < 300) return response;
    // Not by this server, perhaps, but by a proxy before it: nor will the next one get through.
    delete context.takes.firstPart;
    return null;
  }

  /** @returns null where it has to be sent by its URL, as when it is asked for again: what it made may have been replaced */
  async answer(
    signal: AbortSignal | undefined,
    onProgress: (sentBytes: number) => void,
  ): Promise<BytesResponse | null> {
    const answer = this.#answer;
    this.#answer = null;
    this.#onProgress = onProgress;
    const end = () => this.end();
    signal?.addEventListener("abort", end);
    try {
      return await answer;
    } finally {
      signal?.removeEventListener("abort", end);
      this.end();
    }
  }

  /** Nobody waits for it any more. */
  end(): void {
    this.#unsubscribe?.();
    this.#onProgress = null;
    // An answer that is there would lose its headers.
    if (!this.#isAnswered) this.#cut.abort();
  }
}
