import { expect, test, vi } from "vitest";
import { createPlayer } from "./player";

function setUp() {
  const clock = { ms: 0 };
  return { clock, player: createPlayer(() => clock.ms) };
}

test("held keys are those pressed and not released", () => {
  const { player } = setUp();
  player.press(60);
  player.press(64);
  player.release(60);
  player.release(61);
  expect([...player.held.get()]).toEqual([64]);
  player.releaseAll();
  expect(player.held.get().size).toBe(0);
});

test("a stroke is kept with its beginning and its end", () => {
  const { clock, player } = setUp();
  player.press(60);
  clock.ms = 300;
  player.release(60);
  expect(player.bars()).toEqual([{ midi: 60, fromMs: 0, toMs: 300 }]);
});

test("a key struck again without a release starts a new bar", () => {
  const { clock, player } = setUp();
  player.press(60);
  clock.ms = 100;
  player.press(60);
  expect(player.bars()).toEqual([
    { midi: 60, fromMs: 0, toMs: 100 },
    { midi: 60, fromMs: 100, toMs: null },
  ]);
});

test("old strokes are forgotten, held ones never", () => {
  const { clock, player } = setUp();
  player.press(60);
  player.press(62);
  player.release(62);
  clock.ms = 60_000;
  player.press(64);
  expect(player.bars().map(({ midi }) => midi)).toEqual([60, 64]);
});

test("followers hear of changes only", () => {
  const { player } = setUp();
  let calls = 0;
  player.held.subscribe(() => calls++);
  player.press(60);
  player.press(60);
  player.release(61);
  expect(calls).toBe(1);
});

test("of many steps at once followers hear once, and each bar has its own times", () => {
  const { player } = setUp();
  const follow = vi.fn();
  player.held.subscribe(follow);
  player.play([
    { kind: "on", midi: 60, atMs: 1 },
    { kind: "on", midi: 62, atMs: 4 },
    { kind: "off", midi: 60, atMs: 9 },
  ]);
  expect(follow).toHaveBeenCalledOnce();
  expect([...player.held.get()]).toEqual([62]);
  expect(player.bars()).toEqual([
    { midi: 60, fromMs: 1, toMs: 9 },
    { midi: 62, fromMs: 4, toMs: null },
  ]);
});

test("only so many strokes are kept, and of those the held ones and the last", () => {
  const { player } = setUp();
  player.press(21);
  for (let stroke = 0; stroke < 5_000; stroke++) {
    player.press(60 + (stroke % 12));
    player.release(60 + (stroke % 12));
  }
  player.press(107);
  const bars = player.bars();
  expect(bars.length).toBeGreaterThan(400);
  expect(bars.length).toBeLessThan(500);
  expect(bars[0]?.midi).toBe(21);
  expect(bars.at(-1)?.midi).toBe(107);
});
