/** Hands work to whichever engine runs jobs. */
export interface JobQueue {
  readonly engine: "embedded" | "inngest";
  /** Asks for a run of a cron job now. The run stands in the ledger already. */
  runCron(request: { slug: string; runId: string }): Promise<void>;
  /** Asks for runs at slots, now or at their time. Asking twice for the same is asking once. */
  runSlots(requests: { slug: string; slot: Date }[]): Promise<void>;
  /** Asks for the processing of media, each in its round. Asking twice for the same is asking once. */
  processMedia(requests: { mediaId: string; round: number }[]): Promise<void>;
  /** Where the engine shows a run that it knows by this id; null where it shows none. */
  runUrl(engineRunId: string): string | null;
  /** Something happened that may have made work: whoever listens looks when it suits. It costs nothing. */
  hint(): void;
  onHint(listener: () => void): void;
}
