import { limits } from "@fermata/contract";

const mib = 1024 * 1024;
const commonPartBytes = 8 * mib;

export interface PartLayout {
  /** Of every part but the last, as R2 demands. Whole MiB. */
  partSizeBytes: number;
  partCount: number;
}

/** Equal parts, as small as is sensible, so large that the store's 10,000 hold the object. */
export function layOutParts(sizeBytes: number): PartLayout {
  const leastBytes = Math.ceil(sizeBytes / limits.storage.maxParts / mib) * mib;
  const partSizeBytes = Math.max(commonPartBytes, leastBytes);
  return { partSizeBytes, partCount: Math.ceil(sizeBytes / partSizeBytes) };
}

/** The exact length of one part, counted from 1. */
export function partBytes(layout: PartLayout, sizeBytes: number, partNumber: number): number {
  const startBytes = (partNumber - 1) * layout.partSizeBytes;
  return Math.min(layout.partSizeBytes, sizeBytes - startBytes);
}
