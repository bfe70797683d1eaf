import type { ArchivedFile } from "./convex-archive";
import type { Done } from "./find-done";
import type { Outcome } from "./import-one";

export interface ImportReport {
  total: number;
  totalBytes: number;
  /** By this run. */
  imported: { files: number; media: number; bytes: number };
  /** By an earlier run. */
  alreadyThere: number;
  /** Imported once, and deleted here since: they stay away. */
  deletedSince: number;
  /** Whose type was not what the bytes say, and which are therefore kept as bytes. */
  retyped: string[];
  failed: { sourceId: string; reason: string }[];
}

/** Counts what becomes of the files. */
export function createReport(files: readonly ArchivedFile[]) {
  const report: ImportReport = {
    total: files.length,
    totalBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    imported: { files: 0, media: 0, bytes: 0 },
    alreadyThere: 0,
    deletedSince: 0,
    retyped: [],
    failed: [],
  };
  return {
    snapshot: () => report,
    skip(done: Done) {
      if (done === "there") report.alreadyThere++;
      else report.deletedSince++;
    },
    add({ sourceId, sizeBytes }: ArchivedFile, outcome: Outcome) {
      if (outcome.kind === "failed") {
        report.failed.push({ sourceId, reason: outcome.reason });
        return;
      }
      if (outcome.kind === "file") report.imported.files++;
      else report.imported.media++;
      report.imported.bytes += sizeBytes;
      if (outcome.retyped) report.retyped.push(sourceId);
    },
  };
}
