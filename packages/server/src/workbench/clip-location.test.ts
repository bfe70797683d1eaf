import { expect, test } from "vitest";
import { applyPatches } from "../bytes/byte-patches";
import {
  androidPlace,
  applePlace,
  filmWith,
  measuredFilm,
  place,
  threeGppPlace,
  xmpPlaceBox,
} from "../testing/located-clip";
import { clipLocation } from "./clip-location";
import { readClipFacts } from "./read-clip-facts";

const lying = (bytes: Buffer) => ({
  sizeBytes: bytes.length,
  read: async (start: number, end: number) => bytes.subarray(start, end),
});
async function without(bytes: Buffer): Promise<Buffer> {
  const patches = await clipLocation(lying(bytes));
  const copy = Buffer.from(bytes);
  applyPatches(copy, 0, patches ?? []);
  return copy;
}

test.each([
  ["Android's box", androidPlace],
  ["QuickTime's keys", applePlace],
  ["3GPP's box", threeGppPlace],
  ["XMP", xmpPlaceBox],
])("a film loses the place in %s, and nothing else", async (_, box) => {
  const film = await filmWith(box);
  expect(film.includes(place)).toBe(true);
  const blanked = await without(film);
  expect(blanked.length).toBe(film.length);
  expect(blanked.includes(place)).toBe(false);
  expect(blanked.includes("location")).toBe(false);
  expect(blanked.includes("Apple")).toBe(film.includes("Apple"));
  expect(await readClipFacts(lying(blanked))).toEqual(await readClipFacts(lying(film)));
  expect(await clipLocation(lying(blanked))).toBeNull();
});

test("a track of measurements is blanked where its samples lie", async () => {
  const film = measuredFilm();
  const blanked = await without(film);
  expect(blanked.includes(place)).toBe(false);
  expect(blanked.includes("pictures and sound")).toBe(true);
  expect(await clipLocation(lying(blanked))).toBeNull();
});

test("a film that says no place stays as it is, and so does what is none", async () => {
  expect(await clipLocation(lying(await filmWith()))).toBeNull();
  expect(await clipLocation(lying(Buffer.alloc(1000, 7)))).toBeNull();
  expect(await clipLocation(lying(Buffer.from("RIFF....WAVE")))).toBeNull();
});

test("boxes that lead nowhere end the search", async () => {
  const torn = (await filmWith(applePlace)).subarray(0, -30);
  expect((await without(torn)).includes(place)).toBe(false);
  const hostile = Buffer.alloc(1_000_000, "\0\0\0\x08moov", "latin1");
  expect(await clipLocation(lying(hostile))).toBeNull();
});
