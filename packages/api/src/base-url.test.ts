import { expect, test } from "vitest";
import { baseUrlOf } from "./base-url";

test.each([
  ["", "/api"],
  ["/", "/api"],
  ["https://studio.example.com", "https://studio.example.com/api"],
  ["https://studio.example.com/", "https://studio.example.com/api"],
  ["http://[::1]:3000", "http://[::1]:3000/api"],
  ["/api/fermata", "/api/fermata"],
  ["/api/fermata/", "/api/fermata"],
  ["https://app.example.com/api/fermata", "https://app.example.com/api/fermata"],
])("%j is asked below %s", (url, base) => {
  expect(baseUrlOf(url)).toBe(base);
});
