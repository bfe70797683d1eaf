import { FermataError, toFermataError } from "./api-error";
import type { BytesRequest, BytesResponse } from "./bytes-request";

/** Time for the slowest network that is worth waiting for, since `fetch` does not say whether anything moves. */
const minBytesPerSecond = 32 * 1024;
const graceMs = 60_000;

export async function sendByFetch(
  fetch: typeof globalThis.fetch,
  { url, method, headers, body, onProgress, signal }: BytesRequest,
): Promise<BytesResponse> {
  const timeout = AbortSignal.timeout(graceMs + Math.ceil((body.size / minBytesPerSecond) * 1000));
  try {
    const response = await fetch(url, {
      method,
      headers,
      body,
      credentials: "omit",
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
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
