import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { laneCount, takeMd5Lanes } from "./md5-lanes";

const md5 = (message: Uint8Array) => createHash("md5").update(message).digest("hex");

async function take() {
  const lanes = await takeMd5Lanes();
  if (!lanes) throw new Error("this engine has no vectors");
  return lanes;
}

const lengths = [
  0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1_000, 65_535, 65_536, 65_537, 300_001,
];

test.each(lengths)(
  "hashes messages of %i bytes as MD5 does, in one call and in several",
  async (length) => {
    for (const first of [length, 0, 64, 65_536, 65_664].filter((bytes) => bytes <= length)) {
      for (const count of [1, 2, 3, laneCount]) {
        const messages = Array.from({ length: count }, () => randomBytes(length));
        const lanes = await take();
        lanes.update(messages.map((message) => message.subarray(0, first)));
        if (first < length) lanes.update(messages.map((message) => message.subarray(first)));
        expect(lanes.digest(count)).toEqual(messages.map(md5));
        lanes.release();
      }
    }
  },
);

test("keeps those apart that are taken at once, and begins anew with each", async () => {
  const [one, two] = [randomBytes(640), randomBytes(640)];
  const [a, b] = [await take(), await take()];
  a.update([one.subarray(0, 64), two.subarray(0, 64)]);
  b.update([two]);
  a.update([one.subarray(64), two.subarray(64)]);
  expect(a.digest(2)).toEqual([md5(one), md5(two)]);
  expect(b.digest(1)).toEqual([md5(two)]);
  a.release();
  const again = await take();
  again.update([two]);
  expect(again.digest(1)).toEqual([md5(two)]);
});
