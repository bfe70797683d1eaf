import { expect, test } from "vitest";
import { spokenChord } from "./spoken-chord";

test("notes are spoken from the lowest up", () => {
  expect(spokenChord([69, 62, 66])).toBe("D 4, F sharp 4 and A 4");
  expect(spokenChord([60])).toBe("C 4");
  expect(spokenChord([])).toBe("");
});
