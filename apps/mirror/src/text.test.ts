import { expect, test } from "vitest";
import { clock, firstName, initials, possessive, sentOf, shortClock } from "./text";

test("names", () => {
  expect(firstName("  Ines Okafor ")).toBe("Ines");
  expect(possessive("Ines")).toBe("Ines’s");
  expect(initials("Ines Maria Okafor")).toBe("IO");
  expect(initials("ines")).toBe("I");
  expect(initials("Ólafur Arnalds")).toBe("ÓA");
});

test("times", () => {
  expect(clock(0)).toBe("00:00");
  expect(clock(1_450_000)).toBe("24:10");
  expect(clock(3_723_000)).toBe("1:02:03");
  expect(shortClock(7_000)).toBe("0:07");
  expect(shortClock(60_000)).toBe("1:00");
  expect(shortClock(600_000)).toBe("10:00");
});

test("sizes", () => {
  expect(sentOf(1_234_567, 1_900_000)).toBe("1.2 of 1.9 MB");
  expect(sentOf(0, 480_400)).toBe("0 of 480 KB");
});
