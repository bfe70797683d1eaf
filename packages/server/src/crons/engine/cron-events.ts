/** The event that asks an engine for one run: of a slot, `{ slot }`, or of a run in the ledger, `{ runId }`. */
export function cronEventName(slug: string): string {
  return `fermata/cron.${slug}`;
}

/** An engine that was away is back, or a process took over its work: missed slots are looked for. */
export const enginesStartedEvent = "fermata/crons.started";

/** Asks for one slot. Its id makes doubles harmless; dated ahead, it is delivered at its time. */
export function slotEvent({ slug, slot }: { slug: string; slot: Date }) {
  return {
    name: cronEventName(slug),
    id: `cron:${slug}:${slot.toISOString()}`,
    ts: slot.getTime(),
    data: { slot: slot.toISOString() },
  };
}
