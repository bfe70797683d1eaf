import { expect, test } from "vitest";
import { acceptsFile } from "./accepts-file";

const file = (name: string, type = "") => new File(["x"], name, { type });

test("takes everything where nothing is said", () => {
  expect(acceptsFile(undefined, file("a"))).toBe(true);
  expect(acceptsFile(" , ", file("a", "text/html"))).toBe(true);
  expect(acceptsFile("*/*", file("a"))).toBe(true);
});

test.each([
  ["image/*", "a.png", "image/png", true],
  ["image/*", "a.pdf", "application/pdf", false],
  ["image/png, .csv", "list.CSV", "", true],
  ["image/png, .csv", "list.csv.exe", "", false],
  ["TEXT/PLAIN", "a.txt", "text/plain; charset=utf-8", true],
  ["image/png", "a.png", "image/pngx", false],
  ["image/png", "a.png", "", false],
])("accept %s, %s of type %s: %s", (accept, name, type, taken) => {
  expect(acceptsFile(accept, file(name, type))).toBe(taken);
});
