/** What one tab of a browser has at a time. */
export interface TabLocks {
  /**
   * Runs the task once this tab has the lock, and frees it when the task is over. `steal` takes it from whoever has it,
   * whose request rejects; `isOwn` says that nobody else asks for it first, `isPatient` that it is about a tab's end, and there is time.
   */
  request(
    name: string,
    options: { steal?: boolean; isOwn?: boolean; isPatient?: boolean },
    task: () => Promise<void>,
  ): Promise<void>;
}

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
