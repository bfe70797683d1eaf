import type { HostTransaction } from "../ground/transaction";

/** Parts of a run that stand in the ledger: what is through is not done again, after a failure, a sleep or a restart. */
export interface Steps {
  /** Does the work once and gives what it gave, as JSON, ever after. Names are unique within a run. */
  run<T>(name: string, work: () => Promise<T> | T): Promise<T>;
  /**
   * Does the work in one transaction of the database, together with the note that it is through: both happen exactly once,
   * whoever dies when. Nothing but `tx` may be asked in it, for seconds at most, and it gives nothing.
   */
  transaction(name: string, work: (tx: HostTransaction) => Promise<void>): Promise<void>;
  /** Goes on after so many seconds, in a call of its own unless they are few. */
  sleep(name: string, seconds: number): Promise<void>;
  /** Sends an event to the engine, once. */
  sendEvent(name: string, event: { name: string; data: Record<string, unknown> }): Promise<void>;
}
