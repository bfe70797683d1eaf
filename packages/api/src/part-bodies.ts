import type { BytesRequest } from "./bytes-request";
import { type FileReader, openReader } from "./local-file";
import { sendsByNode } from "./send-by-node";

/** Larger parts, as the largest files have, are not held in memory. */
const heldBytes = 16 * 1024 * 1024;
/** The chunks that a held part is sent in. */
const chunkBytes = 1024 * 1024;

export interface PartBody {
  /** What to hash, and what to send. */
  bytes: Blob | Uint8Array;
  body: BytesRequest["body"];
  /** To be called when nobody reads it any more. */
  release(): void;
}

/**
 * The bodies of an upload's parts. Where Node sends, a part is read into memory once, to be hashed and sent, and the memory
 * serves for one part after the other. Browsers read blobs outside of the page's thread, so there it stays one.
 */
export class PartBodies {
  readonly #file: Blob;
  readonly #holds: boolean;
  readonly #free: Uint8Array[] = [];
  #reader: Promise<FileReader> | undefined;

  constructor(file: Blob, fetch: typeof globalThis.fetch) {
    this.#file = file;
    this.#holds = sendsByNode(fetch);
  }

  async of(startByte: number, endByte: number): Promise<PartBody> {
    const sizeBytes = endByte - startByte;
    if (!this.#holds || sizeBytes > heldBytes) {
      const bytes = this.#file.slice(startByte, endByte);
      return { bytes, body: bytes, release: () => {} };
    }
    this.#reader ??= openReader(this.#file);
    const reader = await this.#reader;
    const memory = this.#take(sizeBytes);
    const bytes = memory.subarray(0, sizeBytes);
    await reader.read(bytes, startByte);
    const body: Uint8Array[] = [];
    for (let at = 0; at < sizeBytes; at += chunkBytes)
      body.push(bytes.subarray(at, at + chunkBytes));
    let isFree = false;
    const release = () => {
      if (!isFree) this.#free.push(memory);
      isFree = true;
    };
    return { bytes, body, release };
  }

  async close(): Promise<void> {
    const reader = await this.#reader?.catch(() => null);
    await reader?.close();
  }

  #take(sizeBytes: number): Uint8Array {
    const free = this.#free.pop();
    return free && free.byteLength >= sizeBytes ? free : new Uint8Array(sizeBytes);
  }
}
