import { expect, test } from "vitest";
import { describeUsage } from "./usage";

const mib = 1024 * 1024;

test("what open uploads reserve is named apart from what is stored", () => {
  const usage = { usedBytes: 12 * mib, reservedBytes: 0, quotaBytes: 1024 * mib, count: 3 };
  expect(describeUsage(usage)).toBe("12 MB of 1 GB");
  expect(describeUsage({ ...usage, reservedBytes: 5 * mib })).toBe("7 MB of 1 GB, 5 MB reserved");
});
