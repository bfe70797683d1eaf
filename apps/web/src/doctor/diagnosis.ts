export interface Diagnosis {
  part: string;
  ok: boolean;
  /** What was seen. */
  finding: string;
  /** What to do, when it is not well. */
  remedy?: string;
}

export function printDiagnosis({ part, ok, finding, remedy }: Diagnosis): void {
  const line = `${ok ? "ok " : "fix"}  ${part.padEnd(22)} ${finding}`;
  process.stdout.write(remedy ? `${line}\n     ${remedy}\n` : `${line}\n`);
}

/** Runs one look; what it throws becomes a finding with the remedy. */
export async function diagnosis(
  part: string,
  remedy: string,
  look: () => Promise<string>,
): Promise<Diagnosis> {
  try {
    return { part, ok: true, finding: await look() };
  } catch (error) {
    const finding = error instanceof Error ? error.message : String(error);
    return { part, ok: false, finding, remedy };
  }
}
