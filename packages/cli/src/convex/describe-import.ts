import { formatBytes, formatCount, plural } from "@fermata/contract/format";
import type { ImportReport } from "./import-report";

interface ToldReport extends ImportReport {
  source: string;
  dryRun: boolean;
  strayEntries: number;
}

const barChars = 24;

/** `[#####.....] 512 of 1,284 files, 40 %, 212 MB`. */
export function progressLine(report: ImportReport, width: number): string {
  const { imported, alreadyThere, deletedSince, failed, total } = report;
  const done = imported.files + imported.media + alreadyThere + deletedSince + failed.length;
  const share = total === 0 ? 1 : done / total;
  const filled = Math.round(share * barChars);
  const bar = `[${"#".repeat(filled)}${".".repeat(barChars - filled)}]`;
  const failures = failed.length > 0 ? `, ${formatCount(failed.length)} failed` : "";
  const text = `${formatCount(done)} of ${plural(total, "file")}, ${Math.floor(share * 100)} %, ${formatBytes(imported.bytes)}${failures}`;
  const line = `${bar} ${text}`;
  return line.length < width ? line : text.slice(0, Math.max(0, width - 1));
}

/** What happened, what did not, and what to do about it. */
export function describeImport(report: ToldReport): string[] {
  const { imported, alreadyThere, deletedSince, failed, retyped, strayEntries, dryRun } = report;
  const verb = dryRun ? "would be imported" : "imported";
  const lines = [
    `${plural(report.total, "file")}, ${formatBytes(report.totalBytes)}, in the archive; every SHA-256 that was read is checked.`,
    `  ${formatCount(imported.files)} ${verb} as private files`,
    `  ${formatCount(imported.media)} ${verb} as private media: they are larger than a file may be`,
  ];
  if (alreadyThere > 0) lines.push(`  ${formatCount(alreadyThere)} were here already`);
  if (deletedSince > 0) {
    lines.push(
      `  ${formatCount(deletedSince)} were imported once and deleted here since; they stay away`,
    );
  }
  if (retyped.length > 0) {
    lines.push(
      `  ${formatCount(retyped.length)} kept as bytes: their type is not what Convex was told, or a browser would run it`,
    );
  }
  if (strayEntries > 0) {
    lines.push(`  ${plural(strayEntries, "entry", "entries")} without a document, left alone`);
  }
  if (failed.length > 0) {
    lines.push(`  ${formatCount(failed.length)} not imported:`);
    lines.push(...describeFailures(failed));
  }
  if (!dryRun) {
    lines.push(
      `Their new ids stand in the table ImportedFile, source "${report.source}". They are kept until a row of yours refers to them, and after.`,
    );
  }
  return lines;
}

/** Ids that are told for each reason, and reasons that are told. */
const toldIds = 3;
const toldReasons = 20;

/** A line for each reason: a thousand equal ones would hide the other. */
function describeFailures(failed: ImportReport["failed"]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { sourceId, reason } of failed) {
    const ids = byReason.get(reason);
    if (ids) ids.push(sourceId);
    else byReason.set(reason, [sourceId]);
  }
  const lines = [...byReason].slice(0, toldReasons).map(([reason, ids]) => {
    const others = ids.length - toldIds;
    const more = others > 0 ? ` and ${plural(others, "other")}` : "";
    return `    ${ids.slice(0, toldIds).join(", ")}${more}: ${reason}`;
  });
  const untold = [...byReason.values()].slice(toldReasons).flat().length;
  if (untold > 0) lines.push(`    ${formatCount(untold)} more for other reasons`);
  if (lines.length < failed.length) lines.push("    With --json each of them is named.");
  return lines;
}
