import { expect, test } from "vitest";
import { reconnectSteps } from "./reconnect-steps";

test("first the line broke, then it is restarted, then rebuilt", () => {
  const steps = reconnectSteps({ waiting: 0, restarting: 2_000 }, "restarting", "coturn");
  expect(steps.map(({ title, status, atMs }) => [title, status, atMs])).toEqual([
    ["The line broke", "done", 0],
    ["Restarting the connection", "now", 2_000],
    ["Ask for a relay", "next", null],
  ]);
});

test("a network that changed is named", () => {
  const [first] = reconnectSteps({ "network-changed": 10 }, "network-changed", "cloudflare");
  expect(first).toMatchObject({ title: "The network changed", status: "now", atMs: 10 });
});

test("no relay is promised where there is none", () => {
  const [, , last] = reconnectSteps({ rebuilding: 0 }, "rebuilding", "stun-only");
  expect(last).toMatchObject({ title: "Build a new connection", status: "now" });
});
