import { expect, test } from "vitest";
import { moveWindow, pianoWindowText } from "./piano-window";

const view = { firstWhite: 14, whites: 23 };

test("the window is told by its ends", () => {
  expect(pianoWindowText({ firstWhite: 0, whites: 52 })).toBe("A0 to C8");
  expect(pianoWindowText(view)).toBe("A2 to B5");
});

test("it stays on the keyboard", () => {
  expect(moveWindow(view, -3).firstWhite).toBe(0);
  expect(moveWindow(view, 50).firstWhite).toBe(29);
  expect(moveWindow(view, 7.5).firstWhite).toBe(7.5);
});
