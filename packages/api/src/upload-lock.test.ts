import { afterEach, expect, test, vi } from "vitest";
import { inOneTab } from "./upload-lock";

afterEach(() => vi.unstubAllGlobals());

const withLocks = (request: LockManager["request"]) =>
  vi.stubGlobal("navigator", { locks: { request } });
const refused = new DOMException("no data may be kept", "SecurityError");

test("an upload goes on where the browser refuses locks", async () => {
  withLocks(() => Promise.reject(refused));
  expect(await inOneTab("a", {}, async () => "sent")).toBe("sent");
});

test("what fails under a lock is sent once", async () => {
  withLocks(async (_name: string, _options: unknown, work?: LockGrantedCallback<unknown>) =>
    work?.(null),
  );
  const work = vi.fn().mockRejectedValue(new Error("no room"));
  await expect(inOneTab("a", {}, work)).rejects.toThrow("no room");
  expect(work).toHaveBeenCalledTimes(1);
});

test("whoever is cancelled while another tab has it sends nothing", async () => {
  const cancelled = AbortSignal.abort();
  withLocks(() => Promise.reject(cancelled.reason));
  const work = vi.fn();
  await expect(inOneTab("a", { signal: cancelled }, work)).rejects.toMatchObject({
    code: "ABORTED",
  });
  expect(work).not.toHaveBeenCalled();
});
