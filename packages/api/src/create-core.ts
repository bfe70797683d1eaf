import type { TRPCClient } from "@trpc/client";
import { baseUrlOf } from "./base-url";
import { defaultFetch } from "./default-fetch";
import { createLink, type TokenSource } from "./links";
import type { PlainRouter } from "./procedures";
import type { RetryPolicy } from "./retry";
import { createRpcClient } from "./rpc-client";

export interface FermataOptions {
  /**
   * The server's origin, such as `https://example.com`; empty for the page's own. Where Fermata is mounted in an app, the
   * address of its route: `/api/fermata`.
   */
  url: string;
  /** Identifies the caller where the session cookie does not reach: on other origins and outside browsers. */
  token?: TokenSource;
  /** Left out: the global one. In browsers the bytes of uploads go by XMLHttpRequest, which tells how far they are. */
  fetch?: typeof globalThis.fetch;
  /** How uploads deal with a failing network. */
  retry?: Partial<RetryPolicy>;
}

/** What each part of this package needs of a client: what `createFermata` gives, from whichever door. */
export interface FermataCore {
  /** Below what it asks the server. */
  readonly baseUrl: string;
  /** Every procedure of the server, typed. Failures: see `toFermataError`. */
  trpc: TRPCClient<PlainRouter>;
  /** The same server, spoken to with another bearer: a room's token, say. `keepalive` lets requests outlive the page. */
  as(token: TokenSource, init?: { keepalive?: boolean }): FermataCore;
}

/** What uploads are sent with. */
export interface ClientParts extends Pick<FermataCore, "trpc" | "baseUrl"> {
  token?: TokenSource | undefined;
  fetch: typeof globalThis.fetch;
  retry?: Partial<RetryPolicy> | undefined;
}

const partsOf = new WeakMap<object, ClientParts>();

/** The client of one Fermata server, with its procedures alone. Make one and keep it: it batches the queries made through it. */
export function createCore(options: FermataOptions): FermataCore {
  const { url, token, retry } = options;
  const fetch = options.fetch ?? defaultFetch;
  const baseUrl = baseUrlOf(url);
  const trpc = createRpcClient(createLink({ baseUrl, token, fetch }));
  const core: FermataCore = {
    baseUrl,
    trpc,
    as: (otherToken, init) => createCore(withToken(options, otherToken, init)),
  };
  shareParts(core, { trpc, baseUrl, token, fetch, retry });
  return core;
}

/** The options of the same client, for another bearer. */
export function withToken(
  options: FermataOptions,
  token: TokenSource,
  { keepalive = false }: { keepalive?: boolean } = {},
): FermataOptions {
  const { fetch = defaultFetch } = options;
  if (!keepalive) return { ...options, token };
  return { ...options, token, fetch: (input, init) => fetch(input, { ...init, keepalive }) };
}

export function shareParts(client: object, parts: ClientParts): void {
  partsOf.set(client, parts);
}

/** What a client of `createFermata` is made of. */
export function partsOfClient(client: object): ClientParts {
  const parts = partsOf.get(client);
  if (!parts) throw new TypeError("This is no client that createFermata made.");
  return parts;
}
