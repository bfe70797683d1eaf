import type { Change } from "./plan";

/** As `diff` shows it; of what changes, the lines that come and those that go, in their order. */
export function showChange({ path, before, after }: Change): string {
  if (before === null || before === "")
    return [`+++ ${path} (new)`, ...linesOf(after).map((line) => `+ ${line}`)].join("\n");
  return [`+++ ${path}`, ...compare(linesOf(before), linesOf(after))].join("\n");
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, "").split("\n");
}

const contextLines = 2;

function compare(before: string[], after: string[]): string[] {
  // The longest common subsequence: files of people are small.
  const most = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--)
    for (let j = after.length - 1; j >= 0; j--) {
      const row = most[i] as Uint32Array;
      const below = most[i + 1] as Uint32Array;
      row[j] =
        before[i] === after[j] ? 1 + (below[j + 1] ?? 0) : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  const lines: { mark: " " | "+" | "-"; text: string }[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      lines.push({ mark: " ", text: before[i] ?? "" });
      i++;
      j++;
    } else if (j < after.length && (most[i]?.[j + 1] ?? 0) >= (most[i + 1]?.[j] ?? 0)) {
      lines.push({ mark: "+", text: after[j++] ?? "" });
    } else lines.push({ mark: "-", text: before[i++] ?? "" });
  }
  const isNear = lines.map((_, at) =>
    lines
      .slice(Math.max(0, at - contextLines), at + contextLines + 1)
      .some(({ mark }) => mark !== " "),
  );
  return lines.flatMap(({ mark, text }, at) =>
    isNear[at] ? [`${mark} ${text}`] : isNear[at - 1] ? ["  …"] : [],
  );
}
