import { laneBytes, laneCount, lanesOffset, md5Module, writeConstants } from "./md5-module";

export { laneCount };

const blockBytes = 64;
const initialState = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];

/** Lanes that are free: each holds some memory of its own. */
const idle: Md5Lanes[] = [];
let compiled: Promise<WebAssembly.Module | null> | undefined;

/**
 * The MD5s of up to four messages of one length, for little more than the price of one.
 * To be given back by `release`.
 * @returns null where WebAssembly has no vectors, or the page's policy forbids it
 */
export async function takeMd5Lanes(): Promise<Md5Lanes | null> {
  const free = idle.pop();
  if (free) return free.begin();
  compiled ??= WebAssembly.compile(md5Module()).catch(() => null);
  const module = await compiled;
  return module && new Md5Lanes(await WebAssembly.instantiate(module)).begin();
}

class Md5Lanes {
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #hash: (blocks: number) => void;
  #length = 0;
  /** Where in each lane what is no whole block lies. */
  #restAt = 0;

  constructor({ exports }: WebAssembly.Instance) {
    const { buffer } = exports.memory as WebAssembly.Memory;
    this.#bytes = new Uint8Array(buffer);
    this.#words = new Uint32Array(buffer);
    this.#hash = exports.hash as (blocks: number) => void;
    writeConstants(this.#words);
  }

  begin(): this {
    for (const [index, word] of initialState.entries()) {
      this.#words.fill(word, index * laneCount, (index + 1) * laneCount);
    }
    this.#length = 0;
    return this;
  }

  /** Takes more of each message: as many bytes of one as of the other, and whole blocks of 64 but in the last call. */
  update(chunks: Uint8Array[]): void {
    const length = chunks[0]?.byteLength ?? 0;
    for (let at = 0; at < length; at += laneBytes) {
      for (const [lane, chunk] of chunks.entries()) {
        this.#bytes.set(chunk.subarray(at, at + laneBytes), lanesOffset + lane * laneBytes);
      }
      const blocks = Math.floor(Math.min(laneBytes, length - at) / blockBytes);
      if (blocks > 0) this.#hash(blocks);
      this.#restAt = blocks * blockBytes;
    }
    this.#length += length;
  }

  /** @returns as many as there were messages, in hex */
  digest(count: number): string[] {
    const restBytes = this.#length % blockBytes;
    const padded = new DataView(new ArrayBuffer(restBytes < blockBytes - 8 ? 64 : 128));
    padded.setUint8(restBytes, 0x80);
    padded.setBigUint64(padded.byteLength - 8, BigInt(this.#length) * 8n, true);
    const padding = new Uint8Array(padded.buffer).subarray(restBytes);
    for (let lane = 0; lane < laneCount; lane++) {
      const start = lanesOffset + lane * laneBytes;
      this.#bytes.copyWithin(start, start + this.#restAt, start + this.#restAt + restBytes);
      this.#bytes.set(padding, start + restBytes);
    }
    this.#hash(padded.byteLength / blockBytes);
    return Array.from({ length: count }, (_, lane) => this.#hex(lane));
  }

  release(): void {
    idle.push(this);
  }

  #hex(lane: number): string {
    let hex = "";
    for (let word = 0; word < initialState.length; word++) {
      const at = (word * laneCount + lane) * 4;
      for (let byte = at; byte < at + 4; byte++) {
        hex += (this.#bytes[byte] ?? 0).toString(16).padStart(2, "0");
      }
    }
    return hex;
  }
}
