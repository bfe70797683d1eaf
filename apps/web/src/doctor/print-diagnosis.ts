import type { Diagnosis } from "fermata/internal";

export function printDiagnosis({ part, ok, finding, remedy }: Diagnosis): void {
  const line = `${ok ? "ok " : "fix"}  ${part.padEnd(22)} ${finding}`;
  process.stdout.write(remedy ? `${line}\n     ${remedy}\n` : `${line}\n`);
}
