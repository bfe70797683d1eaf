import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TextScan } from "./text-scan";

const scanned = (...chunks: Uint8Array[]) => {
  const [first = Buffer.alloc(0), ...rest] = chunks;
  const scan = new TextScan(first);
  for (const chunk of rest) scan.add(chunk);
  return scan.end();
};

describe("text", () => {
  test.each([
    ["UTF-8", Buffer.from("naïve 🎹\r\n\tline"), "utf-8"],
    ["UTF-8 with controls", Buffer.from("\u001b[31mred\u0007 8=FIX.4.2\u00019=12"), "utf-8"],
    ["UTF-16 with a mark", Buffer.from("\ufeffJosé;1901\n", "utf16le"), "utf-16le"],
    ["UTF-16 of the other order", Buffer.from("\ufeffJosé\n", "utf16le").swap16(), "utf-16be"],
    ["UTF-16 without a mark", Buffer.from("name;year\r\nSteinway;1901", "utf16le"), "utf-16le"],
    [
      "UTF-16 in Japanese without a mark",
      Buffer.from("名前,年\n鈴木,昭和\n", "utf16le"),
      "utf-16le",
    ],
    ["the same in the other order", Buffer.from("名前,年\n", "utf16le").swap16(), "utf-16be"],
    ["NULs that stand as in UTF-16", Buffer.from("0102430041d8030a0d00ffff", "hex"), null],
    ["Windows-1252", Buffer.from("name,year\nJos\u00e9,1901\n", "latin1"), "unknown-8bit"],
    ["Shift JIS", Buffer.from("83738341836d2c313930310d0a", "hex"), "unknown-8bit"],
    ["a NUL", Buffer.from([0x66, 0x00, 0x6f]), null],
    ["half a surrogate pair", Buffer.from("fffe00d84100", "hex"), null],
    ["eight bits and odd controls", Buffer.from([0xe9, 0x02, 0x41]), null],
    ["a character that is cut off", Buffer.from("€").subarray(0, 2), "unknown-8bit"],
  ])("in %s", (_, bytes, encoding) => {
    expect(scanned(bytes)).toBe(encoding);
  });

  test("is the same however its bytes are cut", () => {
    const bytes = fc.oneof(
      fc.string({ unit: "binary" }).map((text) => Buffer.from(text)),
      fc.string({ unit: "binary" }).map((text) => Buffer.from(`\ufeff${text}`, "utf16le")),
      fc.uint8Array({ maxLength: 60 }),
    );
    fc.assert(
      fc.property(bytes, fc.nat(30), fc.nat(30), (all, a, b) => {
        // Where it begins decides of UTF-16.
        const first = Math.max(4, a);
        const second = first + b;
        expect(
          scanned(all.subarray(0, first), all.subarray(first, second), all.subarray(second)),
        ).toBe(scanned(all.subarray(0, first), all.subarray(first)));
      }),
    );
  });

  test("that changes late is seen to the end", () => {
    const ascii = Buffer.alloc(100_000, "a");
    expect(scanned(ascii, Buffer.from("é"))).toBe("utf-8");
    expect(scanned(ascii, Buffer.from([0xe9]))).toBe("unknown-8bit");
    expect(scanned(ascii, Buffer.from([0]))).toBe(null);
    expect(scanned(Buffer.from([1]), ascii, Buffer.from([0xe9]))).toBe(null);
  });
});
