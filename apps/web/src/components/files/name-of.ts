import type { FileRow } from "./use-files";

/** What to call a file that may have come without a name. */
export function nameOf({ filename, storageId }: Pick<FileRow, "filename" | "storageId">): string {
  return filename ?? storageId;
}
