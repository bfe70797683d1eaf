/** One end of a conversation. Every contestant's clients do the same work: text in, text out, once and in order. */
export interface Client {
  send(text: string): void;
  onText: (text: string) => void;
  close(): void;
}

/** A signaling server in a process of its own, and how to talk through it. */
export interface Contestant {
  name: string;
  /** Whose CPU and memory count as the server's. */
  pid: number;
  /** PostgreSQL's first process, where there is one: its CPU is counted apart. */
  postgresPid: number | null;
  /** Two clients in a room of their own. */
  openPair(): Promise<[Client, Client]>;
  /** A sender and this many readers in one room; null where a server sends to one at a time only. */
  openAudience(readers: number): Promise<{ sender: Client; readers: Client[] }>;
  stop(): Promise<void>;
}
