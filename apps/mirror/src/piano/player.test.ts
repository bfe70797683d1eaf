import { expect, test } from "vitest";
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
