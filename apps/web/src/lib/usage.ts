import { formatBytes } from "./format";

/** As `files.usage` and `storage.usage` answer. */
export interface Usage {
  usedBytes: number;
  reservedBytes: number;
  quotaBytes: number;
  count: number;
}

/** What is there; without what open uploads only reserve. */
export function storedBytes({ usedBytes, reservedBytes }: Usage): number {
  return usedBytes - reservedBytes;
}

/** `84.2 MB of 1 GB, 5 MB reserved`. */
export function describeUsage(usage: Usage): string {
  const stored = `${formatBytes(storedBytes(usage))} of ${formatBytes(usage.quotaBytes)}`;
  if (usage.reservedBytes === 0) return stored;
  return `${stored}, ${formatBytes(usage.reservedBytes)} reserved`;
}
