import { afterEach, expect, test, vi } from "vitest";
import { findTabLocks } from "./tab-locks";

const channels: BroadcastChannel[] = [];

afterEach(() => {
  vi.unstubAllGlobals();
  for (const channel of channels.splice(0)) channel.close();
});

/** Web Locks that answer with this failure, and channels that end with the test. */
function stubLocks(name: string) {
  const request = vi.fn(() => Promise.reject(new DOMException("It may not be had.", name)));
  vi.stubGlobal("navigator", { locks: { request } });
  const Channel = BroadcastChannel;
  vi.stubGlobal(
    "BroadcastChannel",
    class extends Channel {
      constructor(channelName: string) {
        super(channelName);
        channels.push(this);
      }
    },
  );
  return request;
}

test("where the browser refuses Web Locks, tabs ask each other from then on", async () => {
  const request = stubLocks("SecurityError");
  const locks = findTabLocks();
  const task = vi.fn(async () => {});
  await locks.request("a", {}, task);
  await locks.request("b", {}, task);
  expect(task).toHaveBeenCalledTimes(2);
  expect(request).toHaveBeenCalledOnce();
});

test.each(["AbortError", "InvalidStateError"])(
  "%s is about one lock, and is told",
  async (name) => {
    const request = stubLocks(name);
    const locks = findTabLocks();
    for (let count = 1; count <= 2; count++) {
      await expect(locks.request("a", {}, async () => {})).rejects.toMatchObject({ name });
      expect(request).toHaveBeenCalledTimes(count);
    }
  },
);

test("a task that fails is not done again", async () => {
  const request = (_name: string, _options: object, task: () => Promise<void>) => task();
  vi.stubGlobal("navigator", { locks: { request } });
  const task = vi.fn(() => Promise.reject(new DOMException("Not there.", "NotFoundError")));
  await expect(findTabLocks().request("a", {}, task)).rejects.toThrow("Not there.");
  expect(task).toHaveBeenCalledOnce();
});
