import { expect, test } from "vitest";
import { knownZone } from "./time-zone";

test("a zone has one spelling, however it is written", () => {
  expect(knownZone("Europe/Stockholm")).toBe("Europe/Stockholm");
  expect(knownZone("eUROPE/sTOCKHOLM")).toBe("Europe/Stockholm");
  expect(knownZone("utc")).toBe("UTC");
});

test.each(["Mars/Jezero", "none", "Europe/Stockholm\n", "x".repeat(4000)])(
  "%j is no zone",
  (name) => {
    expect(knownZone(name)).toBe(null);
  },
);
