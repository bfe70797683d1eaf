import type { EventSourceFetchInit, FetchLikeResponse } from "eventsource";
import { askedToWait, errorOfStatus, readErrorBody } from "./api-error";
import { waitOut } from "./retry";
import { parseJson } from "./send-bytes";

/**
 * The `fetch` under an event stream. It adds the bearer, and turns refusals into what makes the stream do the right thing:
 * a server that is overloaded or restarting looks like a broken connection, so the stream comes back by itself;
 * any other refusal becomes the stream's only event, a typed error, where EventSource would give a bare status.
 */
export function createStreamFetch(
  fetch: (url: string | URL, init: RequestInit) => Promise<Response>,
  headers: () => Promise<Record<string, string>>,
) {
  return async (url: string | URL, init: EventSourceFetchInit): Promise<FetchLikeResponse> => {
    const response = await fetch(url, {
      method: "GET",
      cache: init.cache,
      signal: init.signal as AbortSignal,
      headers: { ...init.headers, ...(await headers()) },
    });
    if (response.ok) return response;
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel();
      const { details } = askedToWait(response.headers.get("retry-after"));
      // The reader comes back by itself soon after this; a server that asks for longer gets it.
      const waitSeconds = Math.min(details?.retryAfterSeconds ?? 0, longestWaitSeconds);
      if (waitSeconds > 0) await waitOut(waitSeconds * 1000, init.signal as AbortSignal);
      throw new TypeError(`fetch failed with status ${response.status}`);
    }
    return refusal(response.status, await response.text());
  };
}

const longestWaitSeconds = 60;

function refusal(status: number, body: string): Response {
  const json = parseJson(body);
  const { code, message, details, requestId } =
    readErrorBody(json, status) ?? errorOfStatus(status);
  const data = { code, httpStatus: status, appCode: code, details, requestId };
  const event = JSON.stringify({ code: badRequest, message, data });
  return new Response(`event: serialized-error\ndata: ${event}\n\n`, {
    headers: { "content-type": "text/event-stream" },
  });
}

/** One of the numbers after which tRPC does not try a stream again. */
const badRequest = -32600;
