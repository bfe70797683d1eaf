import { expect, test } from "vitest";
import { englishWords, formatBytes, formatSeconds, formatShare } from "./upload-words";

test("sizes, shares and times are in the words' numbers", () => {
  expect(formatBytes(512, englishWords)).toBe("512 bytes");
  expect(formatBytes(5 * 1024 * 1024, englishWords)).toBe("5 MB");
  expect(formatBytes(1_500_000_000, { locale: "de" })).toBe("1,4\u00a0GB");
  expect(formatShare(0.999, englishWords)).toBe("99%");
  expect([12, 200, 7200].map((seconds) => formatSeconds(seconds, englishWords))).toEqual([
    "12 sec",
    "3 min",
    "2 hr",
  ]);
});

test("what is taken is said in words", () => {
  expect(englishWords.hint("5 MB", "image/*, .pdf, application/pdf")).toBe(
    "Images, PDF, up to 5 MB each",
  );
  expect(englishWords.hint("", "")).toBe("");
});
