export interface Diagnosis {
  part: string;
  ok: boolean;
  /** What was seen. */
  finding: string;
  /** What to do, when it is not well. */
  remedy?: string;
}

/** What a look throws when it knows better than its check what to do. */
export class Ailment extends Error {
  readonly remedy: string;

  constructor(finding: string, remedy: string) {
    super(finding);
    this.remedy = remedy;
  }
}

/** Runs one look; what it throws becomes a finding with the remedy, unless it brings its own. */
export async function diagnosis(
  part: string,
  remedy: string,
  look: () => Promise<string>,
): Promise<Diagnosis> {
  try {
    return { part, ok: true, finding: await look() };
  } catch (error) {
    const finding = error instanceof Error ? error.message : String(error);
    return { part, ok: false, finding, remedy: error instanceof Ailment ? error.remedy : remedy };
  }
}
