import { FermataError } from "./api-error";
import { timeoutSignal } from "./signals";

/** A store's origin answers anybody who can reach it within this. */
const probeMs = 4_000;

/**
 * What keeps this page from a store that it could not send a byte to, while our server answers. A store that forbids a page
 * still answers a request that asks for nothing but an answer.
 * @returns FORBIDDEN `{ reason: "cors", origin, store }` when the store answers others but not this page; NETWORK
 *   `{ reason: "store", store }` when it answers nobody
 */
export async function lookIntoStore(
  fetch: typeof globalThis.fetch,
  { store, origin }: { store: string; origin: string },
): Promise<FermataError> {
  const asked = fetch(store, {
    mode: "no-cors",
    cache: "no-store",
    credentials: "omit",
    signal: timeoutSignal(probeMs),
  });
  return asked.then(
    () =>
      new FermataError(
        "FORBIDDEN",
        `The store at ${store} does not let this page send to it. Add ${origin} to the origins in the CORS rule of the bucket, with PUT and its headers.`,
        { details: { reason: "cors", origin, store } },
      ),
    () =>
      new FermataError(
        "NETWORK",
        `The server answers, but the store at ${store} does not: its name, its certificate, a firewall, or the page's Content-Security-Policy is in the way.`,
        { details: { reason: "store", store } },
      ),
  );
}
