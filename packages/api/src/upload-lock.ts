import { FermataError } from "./api-error";

/**
 * Runs `work` while no other tab of this browser does it under the same name. Without Web Locks it simply runs, as where they
 * are refused because no data may be kept for the site: the store and the server keep two senders apart, at the price of
 * bytes sent twice.
 * @param onWait called when another tab is first
 * @throws FermataError ABORTED while it waits
 */
export async function inOneTab<T>(
  name: string,
  { signal, onWait }: { signal?: AbortSignal | undefined; onWait?(): void },
  work: () => Promise<T>,
): Promise<T> {
  const locks = globalThis.navigator?.locks;
  if (!locks) return work();
  let isIn = false;
  const waiting = setTimeout(() => {
    if (!isIn) onWait?.();
  }, 50);
  try {
    return await locks.request(name, signal ? { signal } : {}, () => {
      isIn = true;
      return work();
    });
  } catch (error) {
    if (isIn) throw error;
    if (signal?.aborted) throw new FermataError("ABORTED", undefined, { cause: error });
    return work();
  } finally {
    clearTimeout(waiting);
  }
}
