import type { TabLocks } from "./spoken-locks";

/** Web Locks, or where a page may not have them (over plain HTTP, other than on localhost) what tabs tell each other. */
export function findTabLocks(): TabLocks {
  const locks = globalThis.navigator?.locks;
  if (locks) {
    return {
      request: async (name, { steal = false }, task) => {
        await locks.request(name, { steal }, task);
      },
    };
  }
  const spoken = import("./spoken-locks").then(({ SpokenLocks }) => new SpokenLocks());
  return { request: async (...asked) => (await spoken).request(...asked) };
}
