import { expect, test } from "vitest";
import { cleanName, clock, firstName, initials, possessive, sentOf, shortClock } from "./text";

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

test("a name is cut between characters, and holds none that cannot be sent", () => {
  const cut = cleanName(`a${"🎹".repeat(70)}`, 120);
  expect(cut).toBe(`a${"🎹".repeat(59)}`);
  expect(cut.isWellFormed()).toBe(true);
  expect(cleanName("a\u0000b\nc", 80)).toBe("a b c");
  expect(cleanName("half \ud83c", 80)).toBe("half");
  expect(cleanName("\u202Egnp.exe", 80)).toBe("gnp.exe");
  expect(cleanName("Zoë 👩🏽‍🎤 שלום", 80)).toBe("Zoë 👩🏽‍🎤 שלום");
  expect(cleanName("\u0007", 80)).toBe("");
});
