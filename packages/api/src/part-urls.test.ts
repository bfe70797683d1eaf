import { expect, test } from "vitest";
import { type CompletedPart, createPartUrls, type PartToSign } from "./part-urls";

function record() {
  const calls: { signed: number[]; reported: number[] }[] = [];
  const sign = async (parts: PartToSign[], uploaded: CompletedPart[]) => {
    calls.push({
      signed: parts.map(({ partNumber }) => partNumber),
      reported: uploaded.map(({ partNumber }) => partNumber),
    });
    return { urls: parts.map(({ partNumber }) => ({ partNumber, url: "https://x", headers: {} })) };
  };
  return { calls, sign };
}

const part = (partNumber: number) => ({ partNumber, etag: "etag" });

test("what is asked for and reported at once goes in one call", async () => {
  const { calls, sign } = record();
  const urls = createPartUrls(sign);
  const all = [1, 2, 3].map((partNumber) => urls.of({ partNumber }));
  urls.report(part(9));
  expect((await Promise.all(all)).map(({ partNumber }) => partNumber)).toEqual([1, 2, 3]);
  expect(calls).toEqual([{ signed: [1, 2, 3], reported: [9] }]);
});

test("reports wait for each other, and go along with what is to be signed", async () => {
  const { calls, sign } = record();
  const urls = createPartUrls(sign);
  urls.report(part(1));
  urls.report(part(2));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(calls).toEqual([]);
  await expect.poll(() => calls).toEqual([{ signed: [], reported: [1, 2] }]);
  urls.report(part(3));
  await urls.of({ partNumber: 9 });
  expect(calls.at(-1)).toEqual({ signed: [9], reported: [3] });
});

test("in the end tells what was not told of an upload that failed, and nothing of one that is complete", async () => {
  for (const [failed, told] of [
    [true, [{ signed: [], reported: [1] }]],
    [false, []],
  ] as const) {
    const { calls, sign } = record();
    const urls = createPartUrls(sign);
    urls.report(part(1));
    urls.end(failed);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(calls).toEqual(told);
  }
});

test("what a failed call should have reported goes with the next", async () => {
  const { calls, sign } = record();
  let isDown = true;
  const urls = createPartUrls((parts, uploaded) =>
    isDown ? Promise.reject(new Error("down")) : sign(parts, uploaded),
  );
  urls.report(part(1));
  await expect(urls.of({ partNumber: 9 })).rejects.toThrow("down");
  isDown = false;
  await urls.of({ partNumber: 9 });
  expect(calls).toEqual([{ signed: [9], reported: [1] }]);
});
