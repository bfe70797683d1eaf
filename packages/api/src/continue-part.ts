import { FermataError } from "./api-error";
import type { BytesRequest, BytesResponse } from "./bytes-request";
import { anySignal, timeoutSignal } from "./signals";

const patienceMs = 15_000;
/** So often in vain, and the part goes as where nothing is kept. */
const maxRefusals = 2;

type Sent = Pick<BytesRequest, "headers" | "body">;

/** Where one part stands in a store that keeps what came of it, as the IETF's "Resumable Uploads for HTTP" has it. */
export class PartOffset {
  /** Of the part, in the store, when it was last sent. */
  heldBytes = 0;
  readonly #sizeBytes: number;
  #mayBeHeld: boolean;
  #isSaid = false;
  #told: number | null = null;
  #refusals = 0;

  /** @param mayBeHeld an earlier session may have sent some of it */
  constructor(sizeBytes: number, mayBeHeld: boolean) {
    this.#sizeBytes = sizeBytes;
    this.#mayBeHeld = mayBeHeld;
  }

  /**
   * Before it is sent: asks where it stands, after a connection was cut.
   * @returns whether the store has more of it than the last time
   */
  async find(
    fetch: typeof globalThis.fetch,
    part: { url: string; headers?: Record<string, string> | undefined },
    isKept: boolean,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const before = this.heldBytes;
    this.#isSaid = isKept && this.#refusals < maxRefusals;
    const isAsked = this.#isSaid && this.#mayBeHeld;
    this.heldBytes = isAsked ? (this.#told ?? (await this.#ask(fetch, part, signal))) : 0;
    this.#told = null;
    this.#mayBeHeld = true;
    return this.heldBytes > before;
  }

  /** What is left to send. It says where that begins, so that one that a browser sends again by itself is refused. */
  rest({ headers, body }: Sent): Sent {
    if (!this.#isSaid) return { headers, body };
    return {
      headers: { ...headers, "upload-offset": String(this.heldBytes) },
      body: bodyFrom(body, this.heldBytes),
    };
  }

  /** @throws FermataError NETWORK where it goes on elsewhere: another did, or a browser sent the same request twice */
  answered({ status, header }: BytesResponse): void {
    // A proxy says so of a connection behind it.
    this.#mayBeHeld = status === 502 || status === 504;
    if (status !== 409 || !this.#isSaid) return;
    this.#mayBeHeld = true;
    this.#told = readOffset(header("upload-offset"), this.#sizeBytes);
    if (this.#told === null || this.#told <= this.heldBytes) this.#refusals++;
    throw new FermataError("NETWORK");
  }

  /** @returns whether it was the rest of a part that failed, which goes whole now */
  givesUp({ code }: FermataError): boolean {
    if (this.heldBytes === 0 || this.#mayBeHeld) return false;
    // What was kept was not the file's, and is gone.
    if (code !== "CHECKSUM_MISMATCH") this.#refusals = maxRefusals;
    return true;
  }

  async #ask(
    fetch: typeof globalThis.fetch,
    { url, headers = {} }: { url: string; headers?: Record<string, string> | undefined },
    signal: AbortSignal | undefined,
  ) {
    try {
      const patience = anySignal(signal, timeoutSignal(patienceMs));
      const answer = await fetch(url, {
        method: "HEAD",
        headers,
        cache: "no-store",
        signal: patience,
      });
      return (answer.ok && readOffset(answer.headers.get("upload-offset"), this.#sizeBytes)) || 0;
    } catch (cause) {
      throw new FermataError(signal?.aborted ? "ABORTED" : "NETWORK", undefined, { cause });
    }
  }
}

/** @returns null for what is no offset in a part of this size */
function readOffset(header: string | null, sizeBytes: number): number | null {
  const bytes = header === null ? Number.NaN : Number(header);
  return Number.isInteger(bytes) && bytes >= 0 && bytes <= sizeBytes ? bytes : null;
}

function bodyFrom(body: BytesRequest["body"], heldBytes: number): BytesRequest["body"] {
  if (heldBytes === 0) return body;
  if (body instanceof Blob) return body.slice(heldBytes);
  let at = 0;
  return body.flatMap((chunk) => {
    const skipped = Math.max(0, heldBytes - at);
    at += chunk.byteLength;
    return skipped < chunk.byteLength ? chunk.subarray(skipped) : [];
  });
}
