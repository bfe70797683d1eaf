/** The event that asks an engine for one run: of a slot, `{ slot }`, or of a run in the ledger, `{ runId }`. */
export function cronEventName(slug: string): string {
  return `fermata/cron.${slug}`;
}

/** An engine that was away is back, or a process took over its work: missed slots are looked for. */
export const enginesStartedEvent = "fermata/crons.started";
