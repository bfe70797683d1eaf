import { variables } from "./env-variables";

const known = variables.map(({ name }) => name);

/** Variables that nobody reads and that are almost called like one of ours: what they were to say would go unheard. */
export function misspeltNames(
  source: Record<string, string | undefined>,
): { name: string; meant: string }[] {
  return Object.keys(source).flatMap((name) => {
    if (!/^(FERMATA|S3|INNGEST)_/.test(name) || known.includes(name)) return [];
    // A name may differ by a letter in four of what is its own, so that short ones are not taken for each other.
    const most = Math.min(3, Math.floor(name.replace(/^[^_]+_/, "").length / 4));
    const meant = known.find((other) => distance(name, other) <= most);
    return meant ? [{ name, meant }] : [];
  });
}

/** How many letters are to be added, left out or changed (Levenshtein's). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
