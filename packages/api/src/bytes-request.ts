export interface BytesRequest {
  url: string;
  method: "POST" | "PUT";
  headers: Record<string, string>;
  body: Blob;
  /** Bytes of the body handed to the network so far. Where XMLHttpRequest is missing: once, at the end. */
  onProgress?(sentBytes: number): void;
  signal?: AbortSignal;
}

export interface BytesResponse {
  status: number;
  /** @returns null also when CORS hides the header from this page */
  header(name: string): string | null;
  body: string;
}
