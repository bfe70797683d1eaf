import { isUtf8 } from "node:buffer";

/**
 * How the characters of a text are written. `unknown-8bit` (RFC 1428): one of the many encodings by which a byte above 127
 * is a letter, such as Windows-1252 or Shift JIS; the bytes do not tell which.
 */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "unknown-8bit";

/** What terminals, printers and old editors write into text beside line breaks: bell, backspace, escape, DOS's end of file. */
const usualControls = new Set([7, 8, 9, 10, 11, 12, 13, 26, 27]);
/** 1 for each other control. */
export const isOddControl: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 32 && !usualControls.has(byte) ? 1 : 0,
);

type Utf16Decoder = InstanceType<typeof TextDecoder>;

/** How much of the beginning tells UTF-16 without a mark. */
const guessBytes = 4096;

/**
 * Tells whether bytes that come piece by piece are text, and in which encoding. Text has no NUL; where it is UTF-8 or
 * UTF-16 throughout it may have any other control, and in other encodings those that text is known to have.
 */
export class TextScan {
  #isText = true;
  readonly #utf16: Utf16Decoder | null;
  #isUtf8 = true;
  /** The beginning of a character that the next chunk ends. */
  #carry: Uint8Array = new Uint8Array(0);
  #hasOddControls = false;

  /** @param first the first chunk; the longer it is, the better UTF-16 without a mark is told */
  constructor(first: Uint8Array) {
    const encoding = utf16Of(first);
    this.#utf16 = encoding && new TextDecoder(encoding, { fatal: true });
    this.add(first);
  }

  add(chunk: Uint8Array): void {
    if (!this.#isText) return;
    if (this.#utf16) {
      this.#decode(this.#utf16, chunk);
      return;
    }
    if (chunk.includes(0)) {
      this.#isText = false;
      return;
    }
    this.#hasOddControls ||= hasOddControl(chunk);
    if (!this.#isUtf8) return;
    const bytes = this.#carry.length > 0 ? Buffer.concat([this.#carry, chunk]) : chunk;
    const wholeBytes = bytes.length - openBytes(bytes);
    this.#isUtf8 = isUtf8(bytes.subarray(0, wholeBytes));
    this.#carry = bytes.slice(wholeBytes);
  }

  /** What the bytes are unless others follow that say otherwise. Null for what is no text. */
  soFar(): TextEncoding | null {
    if (!this.#isText) return null;
    if (this.#utf16) return this.#utf16.encoding as TextEncoding;
    if (this.#isUtf8) return "utf-8";
    return this.#hasOddControls ? null : "unknown-8bit";
  }

  /** What the bytes are, now that they are all there. */
  end(): TextEncoding | null {
    if (this.#utf16) this.#decode(this.#utf16);
    if (this.#carry.length > 0) this.#isUtf8 = false;
    return this.soFar();
  }

  #decode(decoder: Utf16Decoder, chunk?: Uint8Array): void {
    try {
      const text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
      if (text.includes("\0")) this.#isText = false;
    } catch {
      this.#isText = false;
    }
  }
}

function hasOddControl(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (isOddControl[byte]) return true;
  return false;
}

/**
 * UTF-16 by its mark, or by every other byte of its Latin letters being NUL; in a text that has few of them, as Japanese
 * with its line breaks has, all characters have to be some that people write.
 */
function utf16Of(bytes: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  const looked = Math.min(bytes.length, guessBytes) & ~1;
  const nuls = [0, 0];
  for (let at = 0; at < looked; at++) if (bytes[at] === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = nuls;
  if (even > 0 === odd > 0) return null;
  const encoding = odd > 0 ? "utf-16le" : "utf-16be";
  if (even + odd > looked / 2 / 2) return encoding;
  return isWriting(bytes.subarray(0, looked), encoding) ? encoding : null;
}

const writing = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\p{Cf}\t\r\n]*$/u;

function isWriting(bytes: Uint8Array, encoding: "utf-16le" | "utf-16be"): boolean {
  try {
    return writing.test(new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true }));
  } catch {
    return false;
  }
}

/** How many bytes at the end begin a character of UTF-8 that is not there as a whole. */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? back : 0;
  }
  return 0;
}
