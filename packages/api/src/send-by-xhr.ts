import { FermataError } from "./api-error";
import type { BytesRequest, BytesResponse } from "./bytes-request";
import { defaultRetryPolicy } from "./retry";

/** Browsers set these themselves, from the URL and the body. */
const browserHeaders = new Set(["content-length", "host"]);

export function sendByXhr(request: BytesRequest & { body: Blob }): Promise<BytesResponse> {
  const { signal, stallMs = defaultRetryPolicy.stallMs } = request;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(new FermataError("ABORTED"));
      return;
    }
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    let stall: ReturnType<typeof setTimeout> | undefined;
    const moved = () => {
      clearTimeout(stall);
      stall = setTimeout(abort, stallMs);
    };

    xhr.open(request.method, request.url);
    for (const [name, value] of Object.entries(request.headers)) {
      if (!browserHeaders.has(name.toLowerCase())) xhr.setRequestHeader(name, value);
    }
    xhr.upload.onprogress = (event) => {
      moved();
      request.onProgress?.(event.loaded);
    };
    xhr.onload = () =>
      resolve({
        status: xhr.status,
        header: (name) => xhr.getResponseHeader(name),
        body: xhr.responseText,
      });
    xhr.onerror = () => reject(new FermataError("NETWORK"));
    xhr.onabort = () => reject(new FermataError(signal?.aborted ? "ABORTED" : "NETWORK"));
    xhr.onloadend = () => {
      clearTimeout(stall);
      signal?.removeEventListener("abort", abort);
    };
    signal?.addEventListener("abort", abort);
    moved();
    xhr.send(request.body);
  });
}
