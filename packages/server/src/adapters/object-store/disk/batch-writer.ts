import type { FileHandle } from "node:fs/promises";

/** Writes a few chunks by one call, while the next ones arrive. */
export class BatchWriter {
  readonly #file: FileHandle;
  readonly #batchBytes: number;
  #batch: Uint8Array[] = [];
  #bytes = 0;
  #writing: Promise<void> = Promise.resolve();

  constructor(file: FileHandle, batchBytes = 128 * 1024) {
    this.#file = file;
    this.#batchBytes = batchBytes;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#batch.push(chunk);
    this.#bytes += chunk.byteLength;
    if (this.#bytes >= this.#batchBytes) await this.#flush();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#writing;
  }

  /** Nothing is being written any more, whether it went well or not. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => {});
  }

  async #flush(): Promise<void> {
    await this.#writing;
    const batch = this.#batch;
    this.#batch = [];
    this.#bytes = 0;
    if (batch.length > 0) this.#writing = writeAll(this.#file, batch);
    // Whoever waits for it next hears of a failure; it must not count as unheard until then.
    this.#writing.catch(() => {});
  }
}

async function writeAll(file: FileHandle, chunks: Uint8Array[]): Promise<void> {
  const { bytesWritten } = await file.writev(chunks);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  if (bytesWritten === bytes) return;
  // A full disk may take a part of it and report the error at the next write.
  const rest = Buffer.concat(chunks);
  for (let at = bytesWritten; at < bytes; ) at += (await file.write(rest, at)).bytesWritten;
}
