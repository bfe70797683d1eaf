import { open, readFile } from "node:fs/promises";

/** Those by which the decoder tells a file of its own. It looks at the first one that a file names, and at no other. */
const knownBrands = new Set("avif heic heix heim heis hevc hevm hevs mif1 msf1".split(" "));
/** Of what a file may also be read as: the still pictures first. */
const stillBrands = ["avif", "heic", "heix", "mif1"];
/** The box that names the brands has four to ten of them. */
const headBytes = 128;

/**
 * An AVIF or HEIC that the decoder would not know by the brand that it names first, under another that it names: an animated
 * AVIF has a still picture, too, and is read by that. Whatever else comes is given back as it is.
 */
export async function withKnownBrand<Source extends Uint8Array | string>(
  source: Source,
): Promise<Source | Buffer> {
  const brand = otherBrand(await headOf(source));
  if (!brand) return source;
  const copy = typeof source === "string" ? await readFile(source) : Buffer.from(source);
  copy.write(brand, 8, "latin1");
  return copy;
}

/** Whether a file is an AVIF of moving pictures alone, without a still one: browsers show it, and nothing here reads it. */
export async function isSequenceAlone(source: Uint8Array | string): Promise<boolean> {
  const [first, ...others] = brandsOf(await headOf(source));
  return first === "avis" && !others.some((brand) => stillBrands.includes(brand));
}

async function headOf(source: Uint8Array | string): Promise<Buffer> {
  if (typeof source !== "string") return Buffer.from(source.subarray(0, headBytes));
  const file = await open(source);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function otherBrand(head: Buffer): string | null {
  const [first, ...others] = brandsOf(head);
  if (first === undefined || knownBrands.has(first)) return null;
  return stillBrands.find((brand) => others.includes(brand)) ?? null;
}

/** The box: its length, `ftyp`, the first brand, a version, and the brands that it may be read as. */
function brandsOf(head: Buffer): string[] {
  if (head.length < 16 || head.toString("latin1", 4, 8) !== "ftyp") return [];
  const words = head.subarray(8, head.readUInt32BE(0)).toString("latin1").match(/.{4}/gs) ?? [];
  return words.filter((_, index) => index !== 1);
}
