import { FermataError } from "./api-error";
import type { BytesRequest, BytesResponse } from "./bytes-request";
import { defaultFetch } from "./default-fetch";
import { defaultRetryPolicy } from "./retry";
import { patienceMs } from "./send-by-fetch";

/** Handed to the socket at once; then it is looked whether anything moves. */
const groupBytes = 1024 * 1024;
/** What a system takes of a connection's bytes before they are sent: Linux, at most. */
const bufferedBytes = 4 * 1024 * 1024;

/** What is used of `node:http`. */
interface Http {
  request(
    url: string,
    options: { method: string; headers: Record<string, string | number> },
  ): OutgoingRequest;
}

interface OutgoingRequest {
  readonly destroyed: boolean;
  on(event: "response", listener: (response: IncomingResponse) => void): this;
  on(event: "error", listener: (error: Error) => void): this;
  cork(): void;
  uncork(): void;
  write(chunk: Uint8Array, written: () => void): boolean;
  end(): void;
  destroy(error?: Error): void;
}

interface IncomingResponse {
  statusCode?: number;
  headers: Record<string, string | string[] | undefined>;
  setEncoding(encoding: "utf8"): void;
  on(event: "data", listener: (text: string) => void): this;
  on(event: "end" | "aborted", listener: () => void): this;
  on(event: "error", listener: (error: Error) => void): this;
}

interface NodeProcess {
  versions?: { node?: string };
  getBuiltinModule?(name: string): Http | undefined;
}

/** Whether chunks may go by Node's own client: only there, and not past a `fetch` of the caller's. */
export function sendsByNode(fetch: typeof globalThis.fetch): boolean {
  return fetch === defaultFetch && typeof XMLHttpRequest === "undefined" && !!httpOf("http:");
}

/** Asked for in a way that bundlers for browsers do not see. */
function httpOf(protocol: string): Http | undefined {
  const { process } = globalThis as { process?: NodeProcess };
  if (!process?.versions?.node) return undefined;
  return process.getBuiltinModule?.(protocol === "https:" ? "node:https" : "node:http");
}

/** Sends chunks as they are: `fetch` copies a body in memory twice, and reads a blob in small pieces. */
export function sendByNode(request: BytesRequest & { body: Uint8Array[] }): Promise<BytesResponse> {
  const { url, method, headers, body, signal, stallMs = defaultRetryPolicy.stallMs } = request;
  return new Promise((resolve, reject) => {
    const http = httpOf(new URL(url).protocol);
    if (!http) throw new Error("There is no node:http here.");
    if (signal?.aborted) return reject(new FermataError("ABORTED"));
    const sizeBytes = body.reduce((sum, chunk) => sum + chunk.byteLength, 0);
    const outgoing = http.request(url, {
      method,
      headers: { ...headers, "content-length": sizeBytes },
    });
    let stall: ReturnType<typeof setTimeout> | undefined;
    const cut = () => outgoing.destroy(new Error("the request was cut"));
    const moved = () => {
      clearTimeout(stall);
      // What the system has taken may still be on its way, on a slow line for as long.
      stall = setTimeout(cut, patienceMs(stallMs, Math.min(sizeBytes, bufferedBytes)));
    };
    const settle = () => {
      clearTimeout(stall);
      signal?.removeEventListener("abort", cut);
    };
    const fail = (cause: Error) => {
      settle();
      reject(new FermataError(signal?.aborted ? "ABORTED" : "NETWORK", undefined, { cause }));
    };

    signal?.addEventListener("abort", cut);
    moved();
    outgoing.on("error", fail);
    outgoing.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (more) => {
        moved();
        text += more;
      });
      response.on("error", fail);
      response.on("aborted", () => fail(new Error("the answer ended early")));
      response.on("end", () => {
        settle();
        resolve({
          status: response.statusCode ?? 0,
          header: (name) => headerOf(response, name),
          body: text,
        });
      });
    });
    writeFrom(0, 0);

    function writeFrom(index: number, sentBytes: number): void {
      const group: Uint8Array[] = [];
      let bytes = sentBytes;
      for (const chunk of body.slice(index)) {
        if (bytes - sentBytes >= groupBytes) break;
        group.push(chunk);
        bytes += chunk.byteLength;
      }
      if (group.length === 0) {
        outgoing.end();
        return;
      }
      const last = group.length - 1;
      outgoing.cork();
      for (const [at, chunk] of group.entries()) {
        outgoing.write(chunk, () => {
          // One that was destroyed calls them all, as if they had left.
          if (at !== last || outgoing.destroyed) return;
          moved();
          request.onProgress?.(bytes);
          writeFrom(index + group.length, bytes);
        });
      }
      outgoing.uncork();
    }
  });
}

function headerOf({ headers }: IncomingResponse, name: string): string | null {
  const value = headers[name.toLowerCase()];
  return (Array.isArray(value) ? value.join(", ") : value) ?? null;
}
