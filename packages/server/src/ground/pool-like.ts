/** What is asked of a pool of node-postgres that is somebody else's, whichever copy of it made the pool. */
export interface PoolLike {
  // biome-ignore lint/suspicious/noExplicitAny: each copy of node-postgres has types of its own for it
  options: any;
  ended?: boolean;
  ending?: boolean;
  waitingCount?: number;
  totalCount?: number;
  idleCount?: number;
  connect(): Promise<BorrowedClient>;
  // biome-ignore lint/suspicious/noExplicitAny: rows of any statement
  query(query: any): Promise<any>;
}

export interface BorrowedClient {
  // biome-ignore lint/suspicious/noExplicitAny: rows of any statement
  query(text: any, values?: any): Promise<any>;
  release(error?: Error | boolean): void;
  // biome-ignore lint/suspicious/noExplicitAny: what an event brings
  on(event: string, listener: (...facts: any[]) => void): unknown;
}
