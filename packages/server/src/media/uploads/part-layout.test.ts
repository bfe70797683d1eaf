import { limits } from "@fermata/contract";
import { expect, test } from "vitest";
import { layOutParts, partBytes } from "./part-layout";

const mib = 1024 * 1024;
const { maxBytes, maxParts, minPartBytes } = limits.storage;

test.each([1, 8 * mib, 8 * mib + 1, 80_000 * mib, 80_000 * mib + 1, 123_456_789_012, maxBytes])(
  "parts of %i bytes are equal but the last, and never too many",
  (sizeBytes) => {
    const layout = layOutParts(sizeBytes, { leastPartBytes: minPartBytes });
    expect(layout.partCount).toBeLessThanOrEqual(maxParts);
    expect(layout.partSizeBytes).toBeGreaterThanOrEqual(minPartBytes);
    expect(layout.partSizeBytes).toBeLessThanOrEqual(5 * 1024 * mib);
    const last = partBytes(layout, sizeBytes, layout.partCount);
    expect(last).toBeGreaterThan(0);
    expect((layout.partCount - 1) * layout.partSizeBytes + last).toBe(sizeBytes);
    if (layout.partCount > 1) expect(partBytes(layout, sizeBytes, 1)).toBe(layout.partSizeBytes);
  },
);

test.each([
  [mib, 1, mib],
  [mib, 1.5 * mib, 2 * mib],
  [minPartBytes, mib, minPartBytes],
  [minPartBytes, 16 * mib, 16 * mib],
])("a store that takes %i bytes at least is asked for %i", (leastPartBytes, wantedBytes, given) => {
  const layout = layOutParts(60 * mib, { leastPartBytes, wantedBytes });
  expect(layout).toEqual({ partSizeBytes: given, partCount: Math.ceil((60 * mib) / given) });
});
