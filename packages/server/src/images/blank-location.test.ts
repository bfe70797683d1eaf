import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { applyPatches } from "../bytes/byte-patches";
import { androidPlace, filmWith, place } from "../testing/located-clip";
import { heicOf, imageOf, pictureOf } from "../testing/sample-images";
import { pictureLocation } from "./blank-location";
import { bytesHaveLocation } from "./has-location";
import { mayTellPlace, PlaceScan } from "./may-tell-place";
import { readImageFacts } from "./read-image-facts";

const maxPixels = 1_000_000;
const pixelsOf = (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();
async function without(bytes: Buffer): Promise<Buffer> {
  expect(mayTellPlace(bytes)).toBe(true);
  const copy = Buffer.from(bytes);
  applyPatches(copy, 0, (await pictureLocation(bytes)) ?? []);
  return copy;
}

describe("a picture without its place, of the same length", () => {
  test.each(["jpeg", "png", "webp", "avif"] as const)(
    "has the same %s pixels, turned the same way, and the rest of its metadata",
    async (format) => {
      const located = await imageOf({ format, orientation: 6, located: true });
      expect(await readImageFacts(located, { maxPixels })).toMatchObject({ hasLocation: true });
      const blanked = await without(located);
      expect(blanked.length).toBe(located.length);
      const facts = await readImageFacts(blanked, { maxPixels });
      expect(facts).toMatchObject({ hasLocation: false, widthPx: 32, heightPx: 64 });
      expect((await pixelsOf(blanked)).equals(await pixelsOf(located))).toBe(true);
      expect(blanked.includes("Maja")).toBe(located.includes("Maja"));
      expect(await pictureLocation(blanked)).toBeNull();
    },
  );

  test.each(["jpeg", "png", "webp", "tiff"] as const)(
    "loses XMP in %s that tells it",
    async (format) => {
      const words = "<photoshop:City>Stockholm</photoshop:City>";
      const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>${words}</rdf:RDF></x:xmpmeta>`;
      const bytes = await pictureOf({}).withXmp(xmp).toFormat(format).toBuffer();
      const blanked = await without(bytes);
      expect(blanked.includes("Stockholm")).toBe(false);
      expect((await pixelsOf(blanked)).equals(await pixelsOf(bytes))).toBe(true);
    },
  );

  test("loses HEIC's", async () => {
    const blanked = await without(await heicOf());
    expect(bytesHaveLocation(blanked)).toBe(false);
    expect(await readImageFacts(blanked, { maxPixels })).toMatchObject({ hasLocation: false });
  });

  test("loses those of a second picture and of a film behind the first, which stay", async () => {
    const first = await imageOf({ format: "jpeg" });
    const second = await imageOf({ format: "jpeg", located: true });
    const film = await filmWith(androidPlace);
    const blanked = await without(Buffer.concat([first, second, film]));
    expect(bytesHaveLocation(blanked)).toBe(false);
    expect(blanked.includes(place)).toBe(false);
    const behind = blanked.subarray(first.length, first.length + second.length);
    expect((await pixelsOf(behind)).equals(await pixelsOf(second))).toBe(true);
  });

  test("is asked for only where something may tell it", async () => {
    const plain = await imageOf({ format: "jpeg" });
    expect(mayTellPlace(plain)).toBe(false);
    expect(await pictureLocation(plain)).toBeNull();
    // Metadata that say other things.
    expect(await pictureLocation(await imageOf({ format: "jpeg", orientation: 6 }))).toBeNull();
  });
});

test("marks are found however the bytes are cut, and a container's own first box is none", () => {
  const marked = Buffer.from(`${"x".repeat(50)}http://ns.adobe.com/xap/${"x".repeat(50)}`);
  const boxed = (at: number) => Buffer.from(`${"x".repeat(at)}ftyp${"x".repeat(60)}`);
  const scan = (bytes: Buffer, cutBytes: number) => {
    const places = new PlaceScan();
    for (let at = 0; at < bytes.length; at += cutBytes)
      places.add(bytes.subarray(at, at + cutBytes));
    return places.mayTell;
  };
  for (const cutBytes of [1, 7, 55, 60, 1000]) {
    expect([scan(marked, cutBytes), scan(boxed(40), cutBytes), scan(boxed(4), cutBytes)]).toEqual([
      true,
      true,
      false,
    ]);
  }
});

test("a mark is found wherever it stands, and what only begins like one is none", () => {
  const marks = [
    "II*\0",
    "MM\0*",
    "<x:xmpmeta",
    "http://ns.adobe.com/xap/",
    "http://ns.adobe.com/xmp/extension/",
    "Photoshop 3.0",
    "zTXt",
    "iTXt",
    "Raw profile",
  ].map((mark) => Buffer.from(mark, "latin1"));
  for (const mark of marks) {
    // To the end, and so close to others that their first bytes repeat.
    for (let at = 0; at < 9; at++) {
      const before = Buffer.alloc(at, mark.subarray(0, 3));
      for (const behind of ["", "I", "x".repeat(at)]) {
        const bytes = Buffer.concat([before, mark, Buffer.from(behind)]);
        expect([mayTellPlace(bytes), bytes.toString("latin1")]).toContain(true);
      }
      const short = Buffer.concat([before, mark.subarray(0, -1)]);
      expect([mayTellPlace(short), short.toString("latin1")]).toContain(false);
    }
  }
});
