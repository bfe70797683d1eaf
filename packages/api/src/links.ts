import { limits } from "@fermata/contract";
import type { TRPCLink } from "@trpc/client";
import { httpBatchLink } from "@trpc/client/links/httpBatchLink";
import { httpLink } from "@trpc/client/links/httpLink";
import { observable } from "@trpc/server/observable";
import { askedToWait, errorOfStatus, FermataError, toFermataError } from "./api-error";
import type { AppRouter } from "./procedures";
import type { StreamOptions } from "./subscription-link";
import { whenBusy } from "./when-busy";
import { withoutPreflight, withoutTokensInUrls } from "./without-preflight";

/**
 * A bearer token, or what gives the present one; null sends none. Asked before every request, and once more where the server
 * did not take the last one: `isRefused` is the time to get another, and the call goes on with it.
 */
export type TokenSource =
  | string
  | ((asked: { isRefused: boolean }) => string | null | Promise<string | null>);

export interface LinkOptions {
  /** Below what the procedures are asked. */
  baseUrl: string;
  token?: TokenSource;
  fetch: typeof globalThis.fetch;
}

/** Some proxies refuse longer request lines. */
const maxUrlLength = 4096;

/** Of several files chosen at once: short, alike, and each of them before or after bytes. */
const grouped = new Set([
  "files.generateUploadUrl",
  "storage.getUploadUrl",
  "storage.completeUpload",
]);

/**
 * Queries made in the same tick travel together, and so do grants and completions of uploads; other mutations go alone, so
 * that each can be aborted and none waits for a slower one; subscriptions are event streams read with `fetch`, which can carry a bearer. What reads them is
 * loaded with the first one.
 */
export function createLink({ baseUrl, token, fetch }: LinkOptions): TRPCLink<AppRouter> {
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
  const batched = httpBatchLink<AppRouter>({
    ...options,
    maxItems: limits.batchCalls,
    maxURLLength: maxUrlLength,
  });
  const streams = streamsLink({ url, headers, fetch: send });
  const byType = { query: batched, mutation: httpLink<AppRouter>(options), subscription: streams };
  return (runtime) => {
    const links = {
      query: byType.query(runtime),
      mutation: byType.mutation(runtime),
      subscription: byType.subscription(runtime),
    };
    const send = (call: Parameters<typeof links.query>[0]) =>
      links[grouped.has(call.op.path) ? "query" : call.op.type](call);
    return typeof token === "function" ? renewing(token, send) : send;
  };
}

type Operation = ReturnType<TRPCLink<AppRouter>>;

/** Sends a call once more, where its token was not taken and there is another. */
function renewing(token: Exclude<TokenSource, string>, send: Operation): Operation {
  return (call) =>
    observable((observer) => {
      let isOver = false;
      let isRenewed = false;
      let end = () => {};
      const start = () => {
        const { unsubscribe } = send(call).subscribe({
          ...observer,
          next(value) {
            // A stream may outlive several tokens.
            isRenewed = false;
            observer.next(value);
          },
          error(error) {
            if (isRenewed || toFermataError(error).code !== "UNAUTHENTICATED") {
              observer.error(error);
              return;
            }
            isRenewed = true;
            Promise.resolve(token({ isRefused: true })).then(
              (fresh) => {
                if (fresh === null) observer.error(error);
                else if (!isOver) start();
              },
              () => observer.error(error),
            );
          },
        });
        end = unsubscribe;
      };
      start();
      return () => {
        isOver = true;
        end();
      };
    });
}

let streamReader: typeof import("./subscription-link") | null = null;

/** Loads what reads streams, so that the first one does not wait for it. */
export async function loadStreamReader(): Promise<typeof import("./subscription-link")> {
  streamReader ??= await import("./subscription-link");
  return streamReader;
}

function streamsLink(options: StreamOptions): TRPCLink<AppRouter> {
  return (runtime) => (call) =>
    observable((observer) => {
      let isOver = false;
      let end = () => {
        isOver = true;
      };
      const start = ({ subscriptionLink }: typeof import("./subscription-link")) => {
        if (isOver) return;
        end = subscriptionLink(options)(runtime)(call).subscribe(observer).unsubscribe;
      };
      if (streamReader) start(streamReader);
      else loadStreamReader().then(start, (error) => observer.error(error));
      return () => end();
    });
}

/** A page instead of JSON is a proxy's, or a network's sign-in: tRPC would only say that it cannot be parsed. */
async function requireJson(response: Response): Promise<Response> {
  if (response.headers.get("content-type")?.includes("json")) return response;
  if (response.status === 413) {
    const { refusedByProxy } = await import("./refused-by-proxy");
    throw refusedByProxy(response.headers.get("server") ?? "");
  }
  if (response.status >= 400) {
    throw errorOfStatus(response.status, askedToWait(response.headers.get("retry-after")));
  }
  throw new FermataError("NETWORK", "Something that is not the server answered in its place.");
}

/** Who asks, as a header. */
export async function authorization(
  token: TokenSource | undefined,
  isRefused = false,
): Promise<Record<string, string>> {
  const bearer = typeof token === "function" ? await token({ isRefused }) : token;
  return bearer ? { authorization: `Bearer ${bearer}` } : {};
}

function isSameOrigin(baseUrl: string): boolean {
  if (baseUrl.startsWith("/")) return true;
  const page = globalThis.location?.origin;
  return page !== undefined && URL.canParse(baseUrl) && new URL(baseUrl).origin === page;
}
