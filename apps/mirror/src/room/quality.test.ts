import { expect, test } from "vitest";
import { describeQuality, sparkline } from "./quality";

const stats = {
  route: "direct",
  rttMs: 38.4,
  jitterMs: 1.2,
  latencyMs: 46.7,
  bitrateKbps: 2400,
  packetLoss: 0.002,
} as const;

test("path, round trip and loss in words", () => {
  expect(describeQuality(stats)).toEqual({
    route: "Direct",
    roundTrip: "38 ms",
    oneWay: "47 ms",
    loss: "0.2 %",
    takeTurns: false,
  });
});

test("above 120 ms people take turns", () => {
  expect(describeQuality({ ...stats, rttMs: 120 }).takeTurns).toBe(false);
  expect(describeQuality({ ...stats, rttMs: 121 }).takeTurns).toBe(true);
});

test("what is not known is not shown", () => {
  expect(
    describeQuality({ ...stats, route: "relayed", rttMs: null, latencyMs: null, packetLoss: null }),
  ).toEqual({
    route: "Relayed",
    roundTrip: null,
    oneWay: null,
    loss: null,
    takeTurns: false,
  });
});

test("the line stays in its box", () => {
  const points = sparkline([1, 400, 30], 50, 10).split(" ");
  expect(points).toHaveLength(3);
  for (const point of points) {
    const [x = Number.NaN, y = Number.NaN] = point.split(",").map(Number);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThanOrEqual(50);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThanOrEqual(10);
  }
  expect(sparkline([5], 50, 10)).toBe("");
});
