import { expect, test } from "vitest";
import { keyAt, keyOf, pianoKeys, whiteKeyCount } from "./keyboard-layout";

test("a piano has 52 white and 36 black keys, from A0 to C8", () => {
  expect(pianoKeys.filter((key) => !key.black)).toHaveLength(whiteKeyCount);
  expect(pianoKeys.filter((key) => key.black)).toHaveLength(36);
  expect(pianoKeys[0]).toMatchObject({ midi: 21, name: "A0", left: 0 });
  expect(pianoKeys.at(-1)).toMatchObject({ midi: 108, name: "C8", left: 51 });
});

test("white keys lie side by side", () => {
  const lefts = pianoKeys.filter((key) => !key.black).map((key) => key.left);
  expect(lefts).toEqual(Array.from({ length: whiteKeyCount }, (_, index) => index));
});

test("every black key lies across the gap between its neighbours", () => {
  for (const key of pianoKeys.filter(({ black }) => black)) {
    const gap = (keyOf(key.midi - 1)?.left ?? Number.NaN) + 1;
    expect(key.left).toBeLessThan(gap);
    expect(key.left + key.width).toBeGreaterThan(gap);
  }
});

test("names and spoken names", () => {
  expect(keyOf(60)).toMatchObject({ name: "C4", spoken: "C4" });
  expect(keyOf(66)).toMatchObject({ name: "F♯4", spoken: "F sharp 4" });
});

test("a key that shows its name is called by it", () => {
  for (const key of pianoKeys.filter(({ black }) => !black)) expect(key.spoken).toBe(key.name);
});

test("the middle of every key's free part finds that key", () => {
  for (const key of pianoKeys) {
    expect(keyAt(key.left + key.width / 2, key.black ? 0.3 : 0.9)).toBe(key.midi);
  }
});

test("a black key is found at the back only, and nothing beside the keyboard", () => {
  const black = keyOf(61);
  const x = (black?.left ?? 0) + 0.05;
  expect(keyAt(x, 0.5)).toBe(61);
  expect(keyAt(x, 0.7)).toBe(60);
  expect(keyAt(-0.1, 0.5)).toBeNull();
  expect(keyAt(52, 0.5)).toBeNull();
  expect(keyAt(10, 1.2)).toBeNull();
});
