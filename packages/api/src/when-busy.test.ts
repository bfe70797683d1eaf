import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { whenBusy } from "./when-busy";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const failure = (details: object) => ({
  error: {
    message: "busy",
    code: -32_603,
    data: { appCode: "UPSTREAM_UNAVAILABLE", httpStatus: 503, requestId: "r", details },
  },
});
const busy = (retryAfterSeconds: number) =>
  Response.json(failure({ service: "server", reason: "busy", retryAfterSeconds }), {
    status: 503,
  });

/** Answers in turn, and writes down how many seconds after the first each request came. */
function server(answers: (() => Response)[]) {
  const at: number[] = [];
  const began = Date.now();
  const send = whenBusy(async () => {
    at.push((Date.now() - began) / 1000);
    return answers[Math.min(at.length, answers.length) - 1]?.() ?? Response.error();
  });
  return { send, at };
}

test("comes back after the time that it was asked to wait, and no sooner", async () => {
  const { send, at } = server([() => busy(2), () => busy(3), () => Response.json({ ok: true })]);
  const answer = send("/api/trpc/x", { method: "POST" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await answer).status).toBe(200);
  expect(at).toEqual([0, 2, 5]);
});

test("gives up after four tries, with the last answer whole", async () => {
  const { send, at } = server([() => busy(1)]);
  const answer = send("/api/trpc/x");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await (await answer).json()).toMatchObject({ error: { message: "busy" } });
  expect(at).toEqual([0, 1, 2, 3]);
});

test.each([
  ["another failure", () => Response.json(failure({ service: "database" }), { status: 503 })],
  ["a longer wait", () => busy(60)],
  ["no body of ours", () => new Response("<h1>503</h1>", { status: 503 })],
])("leaves %s to who asked", async (_, answer) => {
  const { send, at } = server([answer]);
  expect((await send("/api/trpc/x")).status).toBe(503);
  expect(at).toHaveLength(1);
});

test("ends when it is aborted", async () => {
  const { send, at } = server([() => busy(5)]);
  const controller = new AbortController();
  const answer = send("/api/trpc/x", { signal: controller.signal });
  await vi.advanceTimersByTimeAsync(1_000);
  controller.abort();
  await vi.advanceTimersByTimeAsync(60_000);
  expect((await answer).status).toBe(503);
  expect(at).toHaveLength(1);
});
