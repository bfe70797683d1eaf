import { fileTypeFromBuffer } from "file-type";
import { normalizeType } from "./content-types";

/** How much of the beginning is looked at. Zip-based documents say late what they are. */
export const sampleBytes = 64 * 1024;

/** Formats whose signature says enough, where a look at what follows it runs past the sample. */
const signatures: [hex: string, type: string][] = [
  ["89504e470d0a1a0a", "image/png"],
  ["1a45dfa3", "video/matroska"],
  ["49492a00", "image/tiff"],
  ["4d4d002a", "image/tiff"],
];

/** The type that the first bytes give away, or null: plain text and many formats give away nothing. */
export async function sniffType(sample: Uint8Array): Promise<string | null> {
  const found = await fileTypeFromBuffer(sample).catch(() => undefined);
  if (found) return normalizeType(found.mime);
  const start = Buffer.from(sample.subarray(0, 8)).toString("hex");
  return signatures.find(([signature]) => start.startsWith(signature))?.[1] ?? null;
}
