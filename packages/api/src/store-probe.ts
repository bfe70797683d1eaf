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
      try {
        await askServer();
      } catch {
        // Then it is no matter of the store.
        return;
      }
      // Few pages ever need it.
      const { lookIntoStore } = await import("./look-into-store");
      throw await lookIntoStore(fetch, { store, origin });
    },
  };
}
