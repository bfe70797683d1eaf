import { expect, test } from "vitest";
import { createComputerKeys } from "./computer-keys";

const plain = { repeat: false, altKey: false, ctrlKey: false, metaKey: false };

function setUp() {
  const heard: string[] = [];
  const keys = createComputerKeys({
    press: (midi) => heard.push(`on ${midi}`),
    release: (midi) => heard.push(`off ${midi}`),
    pedal: (down) => heard.push(`pedal ${down}`),
  });
  return { heard, keys, down: (code: string, more = {}) => keys.down({ ...plain, code, ...more }) };
}

test("A to K is C4 to C5", () => {
  const { heard, down } = setUp();
  for (const letter of "AWSEDFTGYHUJK") down(`Key${letter}`);
  expect(heard).toEqual(Array.from({ length: 13 }, (_, index) => `on ${60 + index}`));
});

test("a key that repeats is pressed once", () => {
  const { heard, down } = setUp();
  down("KeyA");
  down("KeyA", { repeat: true });
  expect(heard).toEqual(["on 60"]);
});

test("moving an octave leaves a held note where it was", () => {
  const { heard, keys, down } = setUp();
  down("KeyA");
  down("KeyX");
  down("KeyS");
  keys.up({ code: "KeyA" });
  expect(heard).toEqual(["on 60", "on 74", "off 60"]);
});

test("the octaves end with the keyboard", () => {
  const { heard, down } = setUp();
  for (let times = 0; times < 9; times++) down("KeyX");
  down("KeyA");
  down("KeyK");
  expect(heard).toEqual(["on 96", "on 108"]);
});

test("shortcuts are not played", () => {
  const { heard, down } = setUp();
  expect(down("KeyA", { ctrlKey: true })).toBe(false);
  expect(down("KeyS", { altKey: true })).toBe(false);
  expect(down("KeyQ")).toBe(false);
  expect(heard).toEqual([]);
});

test("losing the window's focus releases all", () => {
  const { heard, keys, down } = setUp();
  down("KeyA");
  down("ShiftLeft");
  keys.releaseAll();
  expect(heard).toEqual(["on 60", "pedal true", "off 60", "pedal false"]);
});
