/** Hands work to whichever engine runs jobs. */
export interface JobQueue {
  readonly engine: "embedded" | "inngest";
  /** Asks for a run of a cron job now. The run stands in the ledger already. */
  runCron(request: { slug: string; runId: string }): Promise<void>;
  /** Where the engine shows a run that it knows by this id; null where it shows none. */
  runUrl(engineRunId: string): string | null;
}
