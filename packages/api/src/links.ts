import { limits } from "@fermata/contract";
import type { AppRouter } from "@fermata/server/api-types";
import { httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { EventSource } from "eventsource";
import { askedToWait, errorOfStatus, FermataError } from "./api-error";
import { refusedByProxy } from "./refused-by-proxy";
import { createStreamFetch } from "./stream-fetch";
import { whenBusy } from "./when-busy";
import { withoutPreflight, withoutTokensInUrls } from "./without-preflight";

/** A bearer token, or what gives the present one; null sends none. Asked before every request. */
export type TokenSource = string | (() => string | null | Promise<string | null>);

export interface LinkOptions {
  /** Below what the procedures are asked. */
  baseUrl: string;
  token?: TokenSource;
  fetch: typeof globalThis.fetch;
}

/** Some proxies refuse longer request lines. */
const maxUrlLength = 4096;

/**
 * Queries made in the same tick travel together; mutations go alone, so that each can be aborted and none
 * waits for a slower one; subscriptions are event streams read with `fetch`, which can carry a bearer.
 */
export function createLinks({ baseUrl, token, fetch }: LinkOptions) {
  const url = `${baseUrl}/trpc`;
  // A cookie must not decide who somebody is on another origin: there, only the bearer does.
  const credentials = isSameOrigin(baseUrl) ? "same-origin" : "omit";
  const headers = () => authorization(token);
  const sendAsIs = (input: RequestInfo | URL, init?: RequestInit) =>
    fetch(input, { ...init, credentials });
  // Outside of browsers nothing is asked before a request is sent.
  const send =
    globalThis.location && credentials === "omit"
      ? withoutPreflight(sendAsIs)
      : withoutTokensInUrls(sendAsIs);
  const patient = whenBusy(send);
  const options = {
    url,
    headers,
    fetch: async (input: RequestInfo | URL, init?: RequestInit) =>
      requireJson(await patient(input, init)),
  };
  return [
    splitLink<AppRouter>({
      condition: (op) => op.type === "subscription",
      true: httpSubscriptionLink({
        url,
        EventSource,
        eventSourceOptions: { fetch: createStreamFetch(send, headers) },
      }),
      false: splitLink({
        condition: (op) => op.type === "query",
        true: httpBatchLink({
          ...options,
          maxItems: limits.batchCalls,
          maxURLLength: maxUrlLength,
        }),
        false: httpLink(options),
      }),
    }),
  ];
}

/** A page instead of JSON is a proxy's, or a network's sign-in: tRPC would only say that it cannot be parsed. */
function requireJson(response: Response): Response {
  if (response.headers.get("content-type")?.includes("json")) return response;
  if (response.status === 413) throw refusedByProxy(response.headers.get("server") ?? "");
  if (response.status >= 400) {
    throw errorOfStatus(response.status, askedToWait(response.headers.get("retry-after")));
  }
  throw new FermataError("NETWORK", "Something that is not the server answered in its place.");
}

async function authorization(token: TokenSource | undefined): Promise<Record<string, string>> {
  const bearer = typeof token === "function" ? await token() : token;
  return bearer ? { authorization: `Bearer ${bearer}` } : {};
}

function isSameOrigin(baseUrl: string): boolean {
  if (baseUrl.startsWith("/")) return true;
  const page = globalThis.location?.origin;
  return page !== undefined && URL.canParse(baseUrl) && new URL(baseUrl).origin === page;
}
