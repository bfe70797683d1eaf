import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FermataError } from "../api-error";
import { holding, inTurn } from "./seat-turns";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function later<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

test("a join waits until the seat that was left is given back", async () => {
  const given = later<void>();
  void holding("room a", given.promise);
  const attempt = vi.fn(async () => "a seat");
  const joined = inTurn("room a", attempt);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(attempt).not.toHaveBeenCalled();
  given.resolve();
  await expect(joined).resolves.toBe("a seat");
});

test("other rooms do not wait", async () => {
  void holding("room b", later<void>().promise);
  await expect(inTurn("room c", async () => "a seat")).resolves.toBe("a seat");
});

test("what hangs is not waited for where there is a seat", async () => {
  void holding("room d", later<void>().promise);
  const joined = inTurn("room d", async () => "a seat");
  await vi.advanceTimersByTimeAsync(3_000);
  await expect(joined).resolves.toBe("a seat");
});

test("a room that is full by a join of this page that is late is tried again when that is over", async () => {
  const late = later<void>();
  const first = inTurn("room e", () => late.promise);
  let seats = 0;
  const attempt = vi.fn(async () => {
    if (seats === 0) throw new FermataError("ROOM_FULL");
    return "a seat";
  });
  const joined = inTurn("room e", attempt);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(attempt).toHaveBeenCalledOnce();
  seats = 1;
  late.reject(new FermataError("ABORTED"));
  await expect(first).rejects.toThrow();
  await expect(joined).resolves.toBe("a seat");
});

test("a room that others fill is full at once", async () => {
  const attempt = vi.fn(async () => {
    throw new FermataError("ROOM_FULL");
  });
  await expect(inTurn("room f", attempt)).rejects.toMatchObject({ code: "ROOM_FULL" });
  await expect(inTurn("room f", attempt)).rejects.toMatchObject({ code: "ROOM_FULL" });
  expect(attempt).toHaveBeenCalledTimes(2);
});
