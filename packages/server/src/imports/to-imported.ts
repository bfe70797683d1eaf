import type { ImportedFile, Media } from "@fermata/contract";

/** The columns that `toImported` reads. */
export const importedFields = {
  id: true,
  createdAt: true,
  sourceId: true,
  sourceCreatedAt: true,
  fileId: true,
  media: { select: { key: true, status: true } },
} as const;

interface ImportedRow {
  sourceId: string;
  sourceCreatedAt: Date | null;
  fileId: string | null;
  media: { key: string; status: Media["status"] } | null;
}

export function toImported(row: ImportedRow): ImportedFile {
  return {
    sourceId: row.sourceId,
    sourceCreatedAt: row.sourceCreatedAt?.toISOString() ?? null,
    storageId: row.fileId,
    mediaKey: row.media?.key ?? null,
    mediaStatus: row.media?.status ?? null,
  };
}
