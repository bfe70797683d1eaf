import { expect, test } from "vitest";
import { spokenChord } from "./spoken-chord";

test("notes are spoken from the lowest up", () => {
  expect(spokenChord([69, 62, 66])).toBe("D4, F sharp 4 and A4");
  expect(spokenChord([60])).toBe("C4");
  expect(spokenChord([])).toBe("");
});
