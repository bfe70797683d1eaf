import { FermataError, toFermataError } from "./api-error";
import type { BytesRequest, BytesResponse } from "./bytes-request";
import { defaultRetryPolicy } from "./retry";
import { anySignal, timeoutSignal } from "./signals";

/** `fetch` does not say whether anything moves: so many bytes get as much time as a stall would. */
const bytesPerStall = 2 * 1024 * 1024;

export function patienceMs(stallMs: number, sizeBytes: number): number {
  return Math.ceil(stallMs * (1 + sizeBytes / bytesPerStall));
}

export async function sendByFetch(
  fetch: typeof globalThis.fetch,
  {
    url,
    method,
    headers,
    body,
    onProgress,
    stallMs = defaultRetryPolicy.stallMs,
    signal,
  }: BytesRequest & { body: Blob },
): Promise<BytesResponse> {
  const timeout = timeoutSignal(patienceMs(stallMs, body.size));
  try {
    const response = await fetch(url, {
      method,
      headers,
      body,
      credentials: "same-origin",
      signal: anySignal(signal, timeout),
    });
    const text = await response.text();
    onProgress?.(body.size);
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      body: text,
    };
  } catch (error) {
    if (signal?.aborted) throw new FermataError("ABORTED", undefined, { cause: error });
    const { code } = toFermataError(error);
    // A wrong argument is a mistake in the program; anything else that `fetch` throws is the network's.
    throw code === "INTERNAL" ? error : new FermataError("NETWORK", undefined, { cause: error });
  }
}
