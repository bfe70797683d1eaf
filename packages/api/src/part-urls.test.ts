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
