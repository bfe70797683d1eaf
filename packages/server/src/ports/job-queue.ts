/** Hands work to whichever engine runs jobs. */
export interface JobQueue {
  readonly engine: "embedded" | "inngest";
  /** What this app is called there. */
  readonly appId: string;
  /** What its plan has in a month; null where nothing is billed. */
  readonly includedExecutions: number | null;
  /** Where people see the engine; null where nobody does. */
  readonly dashboardUrl: string | null;
  /** Asks for a run of a cron job now. The run stands in the ledger already. */
  runCron(request: { slug: string; runId: string }): Promise<void>;
  /** Asks for runs at slots, now or at their time. Asking twice for the same is asking once. */
  runSlots(requests: { slug: string; slot: Date }[]): Promise<void>;
  /** Asks for the rest of a run that waits, at its time. */
  resumeRun(request: { slug: string; runId: string; at: Date }): Promise<void>;
  /** Asks for queued jobs, at their times. The database decides which of them run. */
  runQueued(
    requests: { slug: string; jobId: string; runAt: Date; again?: number }[],
  ): Promise<void>;
  sendEvent(event: { name: string; id: string; data: Record<string, unknown> }): Promise<void>;
  /** Asks for the processing of media, each in its round. Asking twice for the same is asking once. */
  processMedia(
    requests: {
      mediaId: string;
      round: number;
      userId?: string | undefined;
      requestId?: string | undefined;
      traceParent?: string | undefined;
    }[],
  ): Promise<void>;
  /** Where the engine shows a run that it knows by this id; null where it shows none. */
  runUrl(engineRunId: string): string | null;
  /** Something happened that may have made work: whoever listens looks when it suits. It costs nothing. */
  hint(): void;
  /** The same of a job that was asked for in a transaction which may not be over yet. */
  hintQueued(jobId: string): void;
  onHint(listener: (jobId?: string) => void): void;
}
