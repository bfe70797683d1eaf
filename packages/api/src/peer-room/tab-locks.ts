import type { TabLocks } from "./spoken-locks";

/** What goes wrong with one lock, where others may be had: it was stolen, or this page sleeps. */
const ofOneLock = ["AbortError", "InvalidStateError"];

/**
 * Web Locks, or what tabs tell each other where a page may not have them: over plain HTTP, other than on localhost, and
 * where the browser keeps nothing for a site, which is known by the first refusal.
 */
export function findTabLocks(): TabLocks {
  let web: LockManager | null = globalThis.navigator?.locks ?? null;
  let spoken: Promise<TabLocks> | null = null;
  const ask: TabLocks["request"] = async (...asked) => {
    spoken ??= import("./spoken-locks").then(({ SpokenLocks }) => new SpokenLocks());
    await (await spoken).request(...asked);
  };
  return {
    async request(name, options, task) {
      if (!web) return ask(name, options, task);
      let hasBegun = false;
      const run = () => {
        hasBegun = true;
        return task();
      };
      try {
        await web.request(name, { steal: options.steal ?? false }, run);
      } catch (error) {
        if (hasBegun || ofOneLock.includes((error as DOMException).name)) throw error;
        web = null;
        await ask(name, options, task);
      }
    },
  };
}
