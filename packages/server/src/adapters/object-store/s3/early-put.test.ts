import type { Readable } from "node:stream";
import { afterEach, expect, test, vi } from "vitest";
import { EarlyPut } from "./early-put";

afterEach(() => {
  vi.useRealTimers();
});

const chunks = Array.from({ length: 8 }, (_, index) => Buffer.alloc(1_000, index));
const whole = Buffer.concat(chunks);

/** A store that takes what comes, and answers when it has all of it. */
function storeOf() {
  const store = {
    begun: 0,
    bytes: Buffer.alloc(0),
    async send(body: Readable) {
      store.begun++;
      for await (const chunk of body) store.bytes = Buffer.concat([store.bytes, chunk]);
      return { ETag: '"etag"' };
    },
  };
  return store;
}

test("bytes leave while others come, and the last of them in the end", async () => {
  const store = storeOf();
  const put = new EarlyPut(whole.length, store.send);
  for (const chunk of chunks) put.add(chunk);
  await vi.waitFor(() => expect(store.bytes.length).toBe(7_000));
  expect(await put.end()).toBe('"etag"');
  expect(store.bytes.equals(whole)).toBe(true);
});

test("what is given up is cut before it is whole", async () => {
  const store = storeOf();
  const cut: boolean[] = [];
  const put = new EarlyPut(whole.length, (body, signal) => {
    signal.addEventListener("abort", () => cut.push(true));
    return store.send(body);
  });
  for (const chunk of chunks) put.add(chunk);
  await put.giveUp();
  expect(cut).toEqual([true]);
  expect(store.bytes.length).toBeLessThan(whole.length);
});

test("a store that fails on the way is given the whole by the caller", async () => {
  const put = new EarlyPut(whole.length, () => Promise.reject(new Error("SlowDown")));
  for (const chunk of chunks) put.add(chunk);
  expect(await put.end()).toBeNull();
});

test("a slow line keeps no store waiting", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const store = storeOf();
  const put = new EarlyPut(whole.length, store.send);
  put.add(chunks[0] as Buffer);
  vi.advanceTimersByTime(2_500);
  for (const chunk of chunks.slice(1)) put.add(chunk);
  expect(await put.end()).toBeNull();
  expect(store.begun).toBe(0);
});
