import { TRPCClientError, type TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { createParser } from "eventsource-parser";
import { askedToWait, errorOfStatus, FermataError, readErrorBody } from "./api-error";
import { parseJson } from "./parse-json";
import type { AppRouter } from "./procedures";
import { waitOut } from "./retry";

export interface StreamOptions {
  /** Where procedures are asked. */
  url: string;
  headers(): Promise<Record<string, string>>;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** The failure that tRPC writes into a stream, and into an answer. */
interface RpcError {
  code: number;
  message: string;
  data?: unknown;
}

/** What a connection ended with: something to try again after, or the last word. */
type Outcome =
  | { end: "broken"; error: unknown }
  | { end: "refused"; error: unknown }
  | { end: "over" };

/** As browsers wait between two tries, unless the server says otherwise. */
const usualRetryMs = 3_000;
/** A server may ask for more, up to this. */
const longestWaitSeconds = 60;
/** tRPC's numbers for 500, 502, 503 and 504, after which a stream is tried again, and for what is final. */
const passing = -32603;
const final = -32600;

/**
 * tRPC's event streams over `fetch`, which can carry a bearer: EventSource cannot, and exists in browsers alone. A server
 * that is overloaded or restarting is a broken connection, after which the stream goes on where it was; any other refusal is
 * its only event, a typed error.
 */
export function subscriptionLink(options: StreamOptions): TRPCLink<AppRouter> {
  return () =>
    ({ op }) =>
      observable((observer) => {
        const ended = new AbortController();
        const abort = () => ended.abort();
        op.signal?.addEventListener("abort", abort);
        const tell = (state: "connecting" | "pending", error: unknown = null) =>
          observer.next({
            result: { type: "state", state, error: error === null ? null : asTrpc(error) } as never,
          });
        let lastEventId: string | undefined;
        let retryMs = usualRetryMs;

        void follow();
        return () => {
          op.signal?.removeEventListener("abort", abort);
          ended.abort();
        };

        async function follow(): Promise<void> {
          tell("connecting");
          for (;;) {
            const outcome = await read();
            if (ended.signal.aborted) return;
            if (outcome.end === "over") {
              observer.next({ result: { type: "stopped" } });
              return observer.complete();
            }
            if (outcome.end === "refused") return observer.error(asTrpc(outcome.error));
            tell("connecting", outcome.error);
            await waitOut(Math.max(retryMs, askedMs(outcome.error)), ended.signal);
            if (ended.signal.aborted) return;
          }
        }

        /** One connection, from the request to its end. Never rejects. */
        async function read(): Promise<Outcome> {
          const connection = new AbortController();
          const cut = () => connection.abort();
          ended.signal.addEventListener("abort", cut);
          let timer: ReturnType<typeof setTimeout> | undefined;
          let patienceMs = 0;
          let outcome: Outcome | null = null;
          const moved = () => {
            clearTimeout(timer);
            if (patienceMs === 0) return;
            timer = setTimeout(() => {
              outcome ??= broken(`Nothing came for ${patienceMs} ms.`);
              cut();
            }, patienceMs);
          };
          const parser = createParser({
            onRetry: (ms) => {
              retryMs = ms;
            },
            onEvent: ({ event, data, id }) => {
              if (event === "connected") {
                const told = parseJson(data) as { reconnectAfterInactivityMs?: number } | null;
                patienceMs = told?.reconnectAfterInactivityMs ?? 0;
                observer.next({ result: { type: "started" } });
                tell("pending");
              } else if (event === "serialized-error") {
                outcome ??= outcomeOf(parseJson(data) as RpcError);
              } else if (event === "return") {
                outcome ??= { end: "over" };
              } else if (event === undefined || event === "message") {
                const told = JSON.parse(data);
                if (id) lastEventId = id;
                observer.next({ result: id ? { id, data: { id, data: told } } : { data: told } });
              }
            },
          });
          try {
            const response = await options.fetch(addressOf(), {
              method: "GET",
              cache: "no-store",
              signal: connection.signal,
              headers: { accept: "text/event-stream", ...(await options.headers()) },
            });
            const refusal = await refusalOf(response);
            if (refusal) return refusal;
            const reader = response.body?.getReader();
            // Where answers come whole, as in React Native, a stream never comes.
            if (!reader) return broken("Streams cannot be read here.");
            const decoder = new TextDecoder();
            while (!outcome) {
              const { done, value } = await reader.read();
              if (done) break;
              moved();
              parser.feed(decoder.decode(value, { stream: true }));
            }
            return outcome ?? broken("The stream ended.");
          } catch (error) {
            return outcome ?? { end: "broken", error };
          } finally {
            clearTimeout(timer);
            ended.signal.removeEventListener("abort", cut);
            cut();
          }
        }

        function addressOf(): string {
          const input =
            lastEventId === undefined
              ? op.input
              : { ...(op.input as object | undefined), lastEventId };
          const query =
            input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`;
          return `${options.url}/${op.path}${query}`;
        }
      });
}

async function refusalOf(response: Response): Promise<Outcome | null> {
  const { status } = response;
  if (status === 429 || status >= 500) {
    await response.body?.cancel();
    const error = errorOfStatus(status, askedToWait(response.headers.get("retry-after")));
    return { end: "broken", error };
  }
  if (!response.ok) {
    const { code, message, details, requestId } =
      readErrorBody(parseJson(await response.text()), status) ?? errorOfStatus(status);
    const data = { code, httpStatus: status, appCode: code, details, requestId };
    return outcomeOf({ code: final, message, data });
  }
  if (response.headers.get("content-type")?.includes("text/event-stream")) return null;
  await response.body?.cancel();
  return { end: "refused", error: new FermataError("NETWORK", strangerMessage) };
}

const strangerMessage = "Something that is not the server answered in its place.";

/** @param told in a stream or by its status */
function outcomeOf(told: RpcError): Outcome {
  const error = TRPCClientError.from({ error: told } as never);
  return { end: told.code === passing ? "broken" : "refused", error };
}

function broken(message: string): Outcome {
  return { end: "broken", error: new FermataError("NETWORK", message) };
}

function askedMs(error: unknown): number {
  const seconds = error instanceof FermataError ? error.details?.retryAfterSeconds : undefined;
  return typeof seconds === "number" ? Math.min(seconds, longestWaitSeconds) * 1000 : 0;
}

function asTrpc(error: unknown): TRPCClientError<AppRouter> {
  return TRPCClientError.from<AppRouter>(error as Error);
}
