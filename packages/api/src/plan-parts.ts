export interface Part {
  /** Counted from one. */
  partNumber: number;
  /** First byte in the file, counted from zero. */
  startByte: number;
  /** The byte after the last. */
  endByte: number;
}

/** Cuts `sizeBytes` into equal parts, as R2 demands; only the last may be smaller. */
export function planParts(sizeBytes: number, partSizeBytes: number): Part[] {
  return Array.from({ length: Math.ceil(sizeBytes / partSizeBytes) }, (_, index) => ({
    partNumber: index + 1,
    startByte: index * partSizeBytes,
    endByte: Math.min(sizeBytes, (index + 1) * partSizeBytes),
  }));
}

export function sizeOf(part: Part): number {
  return part.endByte - part.startByte;
}
