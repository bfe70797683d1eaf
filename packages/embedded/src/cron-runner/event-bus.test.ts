import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { Agenda } from "./agenda";
import { readWaitMs } from "./durations";
import { EventBus, type RunnerEvent } from "./event-bus";
import { readExpression } from "./expressions";
import { canonicalJson, signBody } from "./sign-request";

const event = (fields: Partial<RunnerEvent>): RunnerEvent => {
  return { id: randomUUID(), name: "e", ts: 0, data: {}, ...fields };
};

function startBus() {
  const stopping = new AbortController();
  const bus = new EventBus(new Agenda(() => new Date()), stopping.signal);
  return { bus, stop: () => stopping.abort() };
}

test("delivers an event dated ahead at its time, to whoever waits for it", async () => {
  const { bus } = startBus();
  const later = bus.waitFor(({ name }) => name === "later", Date.now() + 5000);
  const past = bus.waitFor(({ name }) => name === "past", Date.now() + 5000);
  const at = Date.now() + 50;
  bus.send(event({ name: "later", ts: at }));
  bus.send(event({ name: "past", ts: 0 }));
  expect(await past).toMatchObject({ name: "past" });
  expect(Date.now()).toBeLessThan(at);
  expect(await later).toMatchObject({ name: "later" });
  expect(Date.now()).toBeGreaterThanOrEqual(at - 1);
});

test("delivers an id once", async () => {
  const { bus } = startBus();
  const first = bus.waitFor(() => true, Date.now() + 5000);
  bus.send(event({ id: "one id" }));
  await first;
  const second = bus.waitFor(() => true, Date.now() + 20);
  bus.send(event({ id: "one id" }));
  expect(await second).toBeNull();
});

test("a wait ends at its time, and with the bus", async () => {
  const { bus, stop } = startBus();
  expect(await bus.waitFor(() => true, Date.now() + 10)).toBeNull();
  const waiting = bus.waitFor(() => true, Date.now() + 60_000);
  stop();
  expect(await waiting).toBeNull();
});

test.each([
  ["1h30m", 5_400_000],
  ["1500ms", 1500],
  ["2d", 172_800_000],
  ["2026-01-01T00:01:00.000Z", 60_000],
  ["2025-01-01T00:00:00.000Z", 0],
])("reads the wait %s", (text, ms) => {
  expect(readWaitMs(text, new Date("2026-01-01T00:00:00Z"))).toBe(ms);
});

test("refuses a wait that it cannot read", () => {
  expect(() => readWaitMs("soon", new Date())).toThrow(/neither a date nor a duration/);
});

test("reads the expressions that the SDK writes, and refuses others", () => {
  const byName = readExpression("event.data.function_id == 'app-fn'");
  expect(byName(event({ data: { function_id: "app-fn" } }), null)).toBe(true);
  expect(byName(event({ data: { function_id: "app-fn-2" } }), null)).toBe(false);
  const byRoom = readExpression("event.data.room == async.data.room");
  expect(byRoom(event({ data: { room: "a" } }), event({ data: { room: "a" } }))).toBe(true);
  expect(byRoom(event({ data: { room: "b" } }), event({ data: { room: "a" } }))).toBe(false);
  expect(readExpression(undefined)(event({ data: {} }), null)).toBe(true);
  expect(() => readExpression("event.data.n > 3")).toThrow(/cannot read/);
});

test("writes JSON in its canonical form, and signs it with the key's part after the prefix", () => {
  const body = canonicalJson({ b: [1, 1e21, null, "é\u0007"], a: { z: true, y: -0 } });
  expect(body).toBe('{"a":{"y":0,"z":true},"b":[1,1e+21,null,"é\\u0007"]}');
  const at = new Date("2026-01-01T00:00:00Z");
  expect(signBody("signkey-embedded-abc", body, at)).toBe(signBody("abc", body, at));
  expect(signBody("abc", body, at)).toMatch(/^t=1767225600&s=[0-9a-f]{64}$/);
});
