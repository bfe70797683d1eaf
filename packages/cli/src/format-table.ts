/** Rows in columns as wide as their contents; the last one is cut where the line ends. */
export function formatTable(rows: readonly string[][], lineWidth: number): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => {
    const text = row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ");
    return text.trimEnd().slice(0, Math.max(lineWidth, 40));
  });
}
