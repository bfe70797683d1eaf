import type { StoreProbe } from "./store-probe";

export interface BytesRequest {
  url: string;
  method: "POST" | "PUT";
  headers: Record<string, string>;
  /** A blob is read on its way; chunks are in memory already, and only Node sends them (see `sendsByNode`). */
  body: Blob | Uint8Array[];
  /** Bytes of the body handed to the network so far. By `fetch`: once, at the end. */
  onProgress?(sentBytes: number): void;
  /** Looks into failures before the first byte, of requests to a store. */
  probe?: StoreProbe;
  /** Given up when nothing moves for this long; a minute when left out. */
  stallMs?: number;
  signal?: AbortSignal | undefined;
}

export interface BytesResponse {
  status: number;
  /** @returns null also when CORS hides the header from this page */
  header(name: string): string | null;
  body: string;
}
