import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { sampleOf } from "../testing/sample-bytes";
import {
  animationOf,
  avifSequenceOf,
  heicOf,
  imageOf,
  pictureOf,
  scanOf,
} from "../testing/sample-images";
import { BenchRefusal } from "../workbench/bench-refusal";
import { readImageFacts } from "./read-image-facts";
import { resizeImage } from "./resize-image";
import { stripLocation } from "./strip-location";

const maxPixels = 1_000_000;
const facts = (bytes: Uint8Array) => readImageFacts(bytes, { maxPixels });
const pixelsOf = async (bytes: Uint8Array) => sharp(bytes).raw().toBuffer();
/** The colour of the pixel in the upper left corner, as displayed. */
async function cornerOf(bytes: Uint8Array): Promise<"red" | "blue" | "other"> {
  const [r = 0, g = 0, b = 0] = await sharp(bytes)
    .autoOrient()
    .toColourspace("srgb")
    .raw()
    .toBuffer();
  if (r > 230 && g < 40 && b < 40) return "red";
  return b > 230 && g < 40 && r < 40 ? "blue" : "other";
}

/** A PNG of a few bytes that declares as many pixels as it likes. */
async function bomb(width: number, height: number): Promise<Buffer> {
  const small = await sharp({
    create: { width: 1, height: 1, channels: 3, background: "#000" },
  })
    .png()
    .toBuffer();
  small.writeUInt32BE(width, 16);
  small.writeUInt32BE(height, 20);
  small.writeUInt32BE(crc32(small.subarray(12, 29)), 29);
  return small;
}

describe("the facts of an image", () => {
  test.each(["jpeg", "png", "webp", "gif", "avif", "tiff"] as const)("%s", async (format) => {
    const found = await facts(await imageOf({ format }));
    expect(found).toMatchObject({
      format,
      widthPx: 64,
      heightPx: 32,
      orientation: 1,
      hasLocation: false,
    });
    expect(Buffer.from(found?.thumbHash ?? "", "base64").length).toBeGreaterThan(5);
  });

  test("give the size as displayed", async () => {
    const turned = await facts(await imageOf({ format: "jpeg", orientation: 6 }));
    expect(turned).toMatchObject({ widthPx: 32, heightPx: 64, orientation: 6 });
    const mirrored = await facts(await imageOf({ format: "jpeg", orientation: 2 }));
    expect(mirrored).toMatchObject({ widthPx: 64, heightPx: 32, orientation: 2 });
  });

  test("are the same for a path", async () => {
    const dir = await mkdtemp(join(tmpdir(), "fermata-image-"));
    const bytes = await imageOf({ format: "png" });
    await writeFile(join(dir, "a"), bytes);
    expect(await readImageFacts(join(dir, "a"), { maxPixels })).toEqual(await facts(bytes));
    await rm(dir, { recursive: true });
  });

  test.each(["jpeg", "png", "webp", "avif"] as const)("tell a place in %s", async (format) => {
    expect(await facts(await imageOf({ format, located: true }))).toMatchObject({
      hasLocation: true,
    });
  });

  test("are refused for too many declared pixels, before any is decoded", async () => {
    const refusal = facts(await bomb(50_000, 50_000));
    await expect(refusal).rejects.toBeInstanceOf(BenchRefusal);
    await expect(refusal).rejects.toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
      details: { pixels: 2_500_000_000, maxPixels },
    });
    expect(await facts(await bomb(1000, 1001)).catch(({ code }) => code)).toBe("PAYLOAD_TOO_LARGE");
  });

  test.each([
    ["noise after a signature", sampleOf("png")],
    ["a JPEG that ends early", sampleOf("jpeg")],
    ["nothing", new Uint8Array()],
    ["text", Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>")],
    ["PDF", sampleOf("pdf")],
    ["packed zeros", deflateSync(Buffer.alloc(100_000))],
  ])("are null for %s", async (_, bytes) => {
    expect(await facts(bytes)).toBeNull();
  });
});

describe("a resized image", () => {
  test.each(["webp", "avif", "jpeg"] as const)("as %s", async (format) => {
    const original = await imageOf({ format: "png", width: 400, height: 200 });
    const small = await resizeImage(original, { widthPx: 100, format, maxPixels });
    expect(small).toMatchObject({ widthPx: 100, heightPx: 50, contentType: `image/${format}` });
    expect((await facts(small.bytes))?.format).toBe(format);
    expect(await cornerOf(small.bytes)).toBe("red");
  });

  test("is never larger than the original", async () => {
    const original = await imageOf({ format: "png" });
    const same = await resizeImage(original, { widthPx: 512, format: "webp", maxPixels });
    expect([same.widthPx, same.heightPx]).toEqual([64, 32]);
  });

  test("stands upright and says nothing but its pixels", async () => {
    const original = await imageOf({
      format: "jpeg",
      width: 400,
      height: 200,
      orientation: 3,
      located: true,
    });
    const small = await resizeImage(original, { widthPx: 100, format: "webp", maxPixels });
    const { exif, xmp, icc, orientation } = await sharp(small.bytes).metadata();
    expect([exif, xmp, icc, orientation]).toEqual([undefined, undefined, undefined, undefined]);
    expect(await cornerOf(small.bytes)).toBe("blue");
  });

  test("keeps its colours when the original has a profile of its own", async () => {
    const wide = await pictureOf({ width: 400, height: 200 }).withIccProfile("p3").png().toBuffer();
    const [r] = await sharp(wide).keepIccProfile().raw().toBuffer();
    // In Display P3 the same red is written with smaller numbers.
    expect(r).toBeLessThan(240);
    const small = await resizeImage(wide, { widthPx: 100, format: "webp", maxPixels });
    expect(await cornerOf(small.bytes)).toBe("red");
  });

  test("is not made of too many pixels, nor of what cannot be decoded", async () => {
    const wanted = { widthPx: 64, format: "webp" as const, maxPixels };
    await expect(resizeImage(await bomb(5000, 5000), wanted)).rejects.toMatchObject({
      code: "PAYLOAD_TOO_LARGE",
    });
    await expect(resizeImage(sampleOf("png"), wanted)).rejects.toMatchObject({
      code: "UNSUPPORTED_MEDIA_TYPE",
    });
  });
});

describe("a picture without its place", () => {
  const strip = async (bytes: Uint8Array) => (await stripLocation(bytes, { maxPixels })) ?? bytes;

  test.each(["jpeg", "png", "webp"] as const)(
    "has the same %s pixels, turned the same way",
    async (format) => {
      const located = await imageOf({ format, orientation: 6, located: true });
      const stripped = await strip(located);
      expect(await facts(stripped)).toMatchObject({
        format,
        hasLocation: false,
        orientation: 6,
        widthPx: 32,
        heightPx: 64,
      });
      expect(Buffer.from(stripped).includes("Maja")).toBe(false);
      expect((await pixelsOf(stripped)).equals(await pixelsOf(located))).toBe(true);
      const { icc } = await sharp(located).metadata();
      expect((await sharp(stripped).metadata()).icc).toEqual(icc);
      expect(icc).toBeDefined();
    },
  );

  test("is overwritten in place where the container counts bytes", async () => {
    const located = await imageOf({ format: "avif", located: true });
    const stripped = await strip(located);
    expect(stripped.length).toBe(located.length);
    expect(await facts(stripped)).toMatchObject({ format: "avif", hasLocation: false });
    expect((await pixelsOf(stripped)).equals(await pixelsOf(located))).toBe(true);
  });

  test("is the very same where nothing told it", async () => {
    const bytes = await imageOf({ format: "jpeg", orientation: 6 });
    expect(await strip(bytes)).toBe(bytes);
    const noise = sampleOf("png");
    expect(await strip(noise)).toBe(noise);
  });

  test.each([
    '<rdf:Description exif:GPSLatitude="59,20N"/>',
    "<photoshop:City>Stockholm</photoshop:City>",
  ])("loses XMP that says %s", async (words) => {
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>${words}</rdf:RDF></x:xmpmeta>`;
    for (const format of ["jpeg", "png", "webp"] as const) {
      const bytes = await pictureOf({}).withXmp(xmp).toFormat(format).toBuffer();
      expect(await facts(bytes)).toMatchObject({ hasLocation: true });
      const stripped = Buffer.from(await strip(bytes));
      expect(stripped.includes("GPSLatitude") || stripped.includes("Stockholm")).toBe(false);
      expect(await facts(stripped)).toMatchObject({ hasLocation: false });
    }
  });

  test("loses a second picture with a place of its own behind the first", async () => {
    const first = await imageOf({ format: "jpeg" });
    const second = await imageOf({ format: "jpeg", located: true });
    const stripped = await strip(Buffer.concat([first, second]));
    expect(Buffer.from(stripped)).toEqual(await strip(Buffer.concat([first, second])));
    expect(stripped.length).toBeLessThanOrEqual(first.length);
    expect((await pixelsOf(stripped)).equals(await pixelsOf(first))).toBe(true);
  });

  test("keeps every scan of a progressive JPEG", async () => {
    const progressive = await pictureOf({ width: 300, height: 200 })
      .withExif({ IFD3: { GPSLatitudeRef: "N", GPSLatitude: "59/1 20/1 0/1" } })
      .jpeg({ progressive: true })
      .toBuffer();
    const stripped = await strip(progressive);
    expect((await pixelsOf(stripped)).equals(await pixelsOf(progressive))).toBe(true);
    expect(await facts(stripped)).toMatchObject({ hasLocation: false });
  });

  test("is found in bytes that cannot be decoded, and overwritten", async () => {
    const located = await imageOf({ format: "jpeg", located: true });
    const exif = (await sharp(located).metadata()).exif ?? Buffer.alloc(0);
    const heic = Buffer.concat([
      Buffer.from("\0\0\0\x18ftypheic\0\0\0\0heicmif1", "latin1"),
      exif,
      Buffer.alloc(500, 7),
    ]);
    const stripped = await strip(heic);
    expect(stripped.length).toBe(heic.length);
    expect(Buffer.from(stripped).equals(heic)).toBe(false);
    expect(await strip(stripped)).toBe(stripped);
  });

  test("takes no time to be found missing in hostile bytes", async () => {
    const hostile = Buffer.alloc(5 * 1024 * 1024, "II*\0\b\0\0\0\xff\xff", "latin1");
    expect(await strip(hostile)).toBe(hostile);
  });
});

test("a burst of images is decoded a few at a time", async () => {
  const bytes = await imageOf({ format: "png", width: 800, height: 800 });
  const found = await Promise.all(Array.from({ length: 40 }, () => facts(bytes)));
  expect(new Set(found.map((one) => one?.thumbHash)).size).toBe(1);
});

describe("pictures as people have them", () => {
  test("HEIC is read like any other, with a copy to work on", async () => {
    const dir = await mkdtemp(join(tmpdir(), "fermata-image-"));
    const workPath = join(dir, "work.png");
    const bytes = await heicOf();
    expect(await readImageFacts(bytes, { maxPixels, workPath })).toMatchObject({
      format: "heif",
      widthPx: 64,
      heightPx: 48,
      hasLocation: true,
      hasWorkCopy: true,
    });
    expect(await cornerOf(await readFile(workPath))).toBe("red");
    const small = await resizeImage(bytes, { widthPx: 32, format: "webp", maxPixels });
    expect(small).toMatchObject({ widthPx: 32, heightPx: 24 });
    expect(await cornerOf(small.bytes)).toBe("red");
    await rm(dir, { recursive: true });
  });

  test("a torn JPEG is shown as far as it goes", async () => {
    const whole = await imageOf({ format: "jpeg", width: 640, height: 480 });
    for (const torn of [whole.subarray(0, -2), whole.subarray(0, whole.length / 2)]) {
      expect(await facts(torn)).toMatchObject({ widthPx: 640, heightPx: 480 });
      const small = await resizeImage(torn, { widthPx: 64, format: "webp", maxPixels });
      expect(await cornerOf(small.bytes)).toBe("red");
    }
  });

  test("four inks and sixteen bits become colours that browsers show", async () => {
    const inks = await pictureOf({}).toColourspace("cmyk").jpeg().toBuffer();
    expect((await sharp(inks).metadata()).space).toBe("cmyk");
    const deep = await pictureOf({}).toColourspace("rgb16").png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe("ushort");
    for (const bytes of [inks, deep]) {
      for (const format of ["webp", "avif"] as const) {
        const small = await resizeImage(bytes, { widthPx: 32, format, maxPixels });
        expect(await sharp(small.bytes).metadata()).toMatchObject({
          space: "srgb",
          depth: "uchar",
        });
        const [r = 0, , b = 0] = await sharp(small.bytes).raw().toBuffer();
        expect(r - b).toBeGreaterThan(100);
      }
    }
  });

  test.each(["gif", "webp"] as const)("what moves in %s can go on moving", async (format) => {
    const bytes = await animationOf(format);
    expect(await facts(bytes)).toMatchObject({ widthPx: 60, heightPx: 40, isMoving: true });
    const wanted = { widthPx: 30, format: "webp", maxPixels } as const;
    const moving = await resizeImage(bytes, { ...wanted, moving: true });
    expect(moving).toMatchObject({ widthPx: 30, heightPx: 20 });
    expect((await sharp(moving.bytes).metadata()).pages).toBe(3);
    const still = await resizeImage(bytes, wanted);
    expect((await sharp(still.bytes).metadata()).pages ?? 1).toBe(1);
  });

  test("an AVIF that moves is shown by the picture that it begins with", async () => {
    const dir = await mkdtemp(join(tmpdir(), "fermata-image-"));
    const bytes = await avifSequenceOf({ width: 80, height: 60 });
    const before = Buffer.from(bytes);
    await writeFile(join(dir, "a"), bytes);
    await expect(sharp(bytes).metadata()).rejects.toThrow();
    for (const source of [bytes, join(dir, "a")]) {
      const workPath = join(dir, "work.png");
      const found = await readImageFacts(source, { maxPixels, workPath });
      const still = { format: "avif", widthPx: 80, heightPx: 60, isMoving: false };
      expect(found).toMatchObject({ ...still, hasWorkCopy: true });
      const small = await resizeImage(source, { widthPx: 40, format: "webp", maxPixels });
      expect(small).toMatchObject({ widthPx: 40, heightPx: 30 });
      expect(await cornerOf(small.bytes)).toBe("red");
    }
    expect(bytes.equals(before)).toBe(true);
    await rm(dir, { recursive: true });
  });

  test.each([
    ["that ends in its brands", (bytes: Buffer) => bytes.subarray(0, 18)],
    ["whose brands are said to be endless", (bytes: Buffer) => bytes.fill(0xff, 0, 4)],
    ["that names no brand of stills", (bytes: Buffer) => bytes.fill("x", 16, 40)],
  ])("an AVIF %s is no picture", async (_, tear) => {
    expect(await facts(tear(await avifSequenceOf({ width: 8, height: 8 })))).toBeNull();
  });

  test.each([
    ["of one size", [100, 60]],
    ["of different sizes", [40, 20]],
  ])(
    "pages of a scan, %s, do not move: the first one stands for all",
    async (_, [width, height]) => {
      const first = { width: 100, height: 60, grey: 200 };
      const bytes = scanOf([first, { width: width ?? 0, height: height ?? 0, grey: 10 }]);
      expect((await sharp(bytes).metadata()).pages).toBe(2);
      expect(await facts(bytes)).toMatchObject({ widthPx: 100, heightPx: 60, isMoving: false });
      const wanted = { widthPx: 50, format: "webp", maxPixels, moving: true } as const;
      const copy = await resizeImage(bytes, wanted);
      expect(copy).toMatchObject({ widthPx: 50, heightPx: 30 });
      expect((await sharp(copy.bytes).metadata()).pages ?? 1).toBe(1);
      expect((await sharp(copy.bytes).raw().toBuffer())[0]).toBeGreaterThan(190);
    },
  );

  test("formats that are dear to decode may have fewer pixels", async () => {
    const bytes = await sharp({
      create: { width: 7000, height: 7000, channels: 3, background: "#123" },
    })
      .avif({ effort: 0 })
      .toBuffer();
    await expect(readImageFacts(bytes, { maxPixels: 200_000_000 })).rejects.toMatchObject({
      code: "UNSUPPORTED_MEDIA_TYPE",
      details: { reason: "It has 49 megapixels; of AVIF, up to 40 are read here." },
    });
  });
});
