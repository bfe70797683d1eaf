import { FermataError } from "./api-error";
import { timeoutSignal } from "./signals";

/** A store's origin answers anybody who can reach it within this. */
const probeMs = 4_000;
/** One failure may be any network's; so many in a row, without a byte sent, are looked into. */
const suspicious = 2;

export interface StoreProbe {
  /** Something of a body was taken, so the store is there and this page may send to it. */
  reached(): void;
  /**
   * Looks into a request that broke before a byte of it was sent.
   * @throws FermataError FORBIDDEN `{ reason: "cors", origin, store }` when the store answers others but not this page;
   *   NETWORK `{ reason: "store", store }` when our server answers and the store does not
   */
  lookInto(url: string): Promise<void>;
}

/**
 * Browsers do not tell a store that forbids this page from one that is not there. Three requests do: one to our server, and
 * one to the store that asks for nothing but an answer.
 * @param askServer rejects when our server does not answer
 */
export function createStoreProbe(
  fetch: typeof globalThis.fetch,
  askServer: () => Promise<unknown>,
): StoreProbe {
  let failures = 0;
  let wasReached = false;
  return {
    reached: () => {
      wasReached = true;
    },
    async lookInto(url) {
      const origin = globalThis.location?.origin;
      const store = new URL(url, origin).origin;
      if (!origin || origin === store || wasReached || ++failures < suspicious) return;
      if (!(await settles(askServer()))) return;
      const answers = await settles(
        fetch(store, {
          mode: "no-cors",
          cache: "no-store",
          credentials: "omit",
          signal: timeoutSignal(probeMs),
        }),
      );
      if (answers) {
        throw new FermataError(
          "FORBIDDEN",
          `The store at ${store} does not let this page send to it. Add ${origin} to the origins in the CORS rule of the bucket, with PUT and its headers.`,
          { details: { reason: "cors", origin, store } },
        );
      }
      throw new FermataError(
        "NETWORK",
        `The server answers, but the store at ${store} does not: its name, its certificate, a firewall, or the page's Content-Security-Policy is in the way.`,
        { details: { reason: "store", store } },
      );
    },
  };
}

async function settles(asked: Promise<unknown>): Promise<boolean> {
  return asked.then(
    () => true,
    () => false,
  );
}
