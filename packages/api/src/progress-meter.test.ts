import { expect, test } from "vitest";
import { createProgressMeter, type UploadProgress } from "./progress-meter";

function meterAt(totalBytes: number) {
  const told: UploadProgress[] = [];
  const clock = { ms: 0 };
  const meter = createProgressMeter(
    totalBytes,
    (progress) => told.push(progress),
    () => clock.ms,
  );
  return {
    told,
    at(ms: number, loadedBytes: number) {
      clock.ms = ms;
      meter.update(loadedBytes);
    },
  };
}

test("gives speed and time left once there is a span to measure", () => {
  const { told, at } = meterAt(10_000);
  at(100, 100);
  at(1000, 1000);
  expect(told[0]).toEqual({ loadedBytes: 100, totalBytes: 10_000 });
  expect(told[1]).toEqual({
    loadedBytes: 1000,
    totalBytes: 10_000,
    bytesPerSecond: 1000,
    secondsLeft: 9,
  });
});

test("follows a network that became slower", () => {
  const { told, at } = meterAt(1_000_000);
  for (let second = 1; second <= 20; second++) at(second * 1000, second * 10_000);
  for (let second = 21; second <= 40; second++) {
    at(second * 1000, 200_000 + (second - 20) * 100);
  }
  expect(told.at(-1)?.bytesPerSecond).toBe(100);
});

test("tells at most ten times a second, and the end once", () => {
  const { told, at } = meterAt(1000);
  for (let ms = 1; ms <= 999; ms++) at(ms, ms);
  at(1000, 1000);
  at(1001, 1000);
  expect(told.length).toBeLessThanOrEqual(11);
  expect(told.filter(({ loadedBytes }) => loadedBytes === 1000)).toHaveLength(1);
  expect(told.at(-1)).toMatchObject({ loadedBytes: 1000, secondsLeft: 0 });
});

test("names no speed while bytes are sent again", () => {
  const { told, at } = meterAt(1000);
  at(600, 500);
  at(1200, 0);
  expect(told.at(-1)).toEqual({ loadedBytes: 0, totalBytes: 1000 });
});

test("measures anew after a restart: what was there before is no speed", () => {
  let nowMs = 0;
  const seen: UploadProgress[] = [];
  const meter = createProgressMeter(
    1000,
    (progress) => seen.push(progress),
    () => nowMs,
  );
  meter.restart(600);
  nowMs = 1000;
  meter.update(700);
  expect(seen.map(({ loadedBytes }) => loadedBytes)).toEqual([600, 700]);
  expect(seen.at(-1)).toMatchObject({ bytesPerSecond: 100, secondsLeft: 3 });
});
