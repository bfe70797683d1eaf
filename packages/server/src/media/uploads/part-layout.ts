import { limits } from "@fermata/contract";

const mib = 1024 * 1024;
const commonPartBytes = 8 * mib;

export interface PartLayout {
  /** Of every part but the last, as R2 demands. Whole MiB. */
  partSizeBytes: number;
  partCount: number;
}

interface Wish {
  /** What the sender asked for, if it did. */
  wantedBytes?: number | undefined;
  /** What the store takes. */
  leastPartBytes: number;
}

/** Equal parts, as small as is sensible or as was asked for, so large that the store's 10,000 hold the object. */
export function layOutParts(sizeBytes: number, { wantedBytes, leastPartBytes }: Wish): PartLayout {
  const leastBytes = Math.max(sizeBytes / limits.storage.maxParts, leastPartBytes);
  const partSizeBytes = Math.ceil(Math.max(wantedBytes ?? commonPartBytes, leastBytes) / mib) * mib;
  return { partSizeBytes, partCount: Math.ceil(sizeBytes / partSizeBytes) };
}

/** The exact length of one part, counted from 1. */
export function partBytes(layout: PartLayout, sizeBytes: number, partNumber: number): number {
  const startBytes = (partNumber - 1) * layout.partSizeBytes;
  return Math.min(layout.partSizeBytes, sizeBytes - startBytes);
}
