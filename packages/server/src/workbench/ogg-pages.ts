import type { ClipBytes } from "./clip-reader";
import { partOfClip } from "./part-of-clip";

const capture = Buffer.from("OggS");
const headBytes = 27;
const mostHeadBytes = headBytes + 255;
/** A page has less than this. */
const pieceBytes = 64 * 1024;
/** Behind the last page lies at most what a recorder had set aside. */
const mostPieces = 16;

export interface OggPage {
  /** In the clip, as `endAt`, which is behind its last byte. */
  bodyAt: number;
  endAt: number;
  /** The stream that it is of. */
  serial: number;
  isFirstOfStream: boolean;
  /** Where in its stream the last packet ends that ends here, in units of its codec. Null where none does. */
  granule: bigint | null;
}

/** @returns null where there is no page, or its head is torn */
export function oggPageIn(bytes: Buffer, at: number, offset = 0): OggPage | null {
  if (at + headBytes > bytes.length || !capture.equals(bytes.subarray(at, at + 4))) return null;
  const flags = bytes[at + 5] ?? 0;
  // Bytes that are a page's by chance seldom go on with its version, and with nothing but its flags.
  if (bytes[at + 4] !== 0 || flags > 7) return null;
  const bodyAt = at + headBytes + (bytes[at + 26] ?? 0);
  if (bodyAt > bytes.length) return null;
  const bodyBytes = bytes.subarray(at + headBytes, bodyAt).reduce((sum, part) => sum + part, 0);
  const granule = bytes.readBigInt64LE(at + 6);
  return {
    bodyAt: offset + bodyAt,
    endAt: offset + bodyAt + bodyBytes,
    serial: bytes.readUInt32LE(at + 14),
    isFirstOfStream: (flags & 2) !== 0,
    granule: granule < 0n ? null : granule,
  };
}

/** The pages of an Ogg that are whole, the last one first, as far as they lie near its end. */
export async function* oggPagesFromEnd({ sizeBytes, read }: ClipBytes): AsyncGenerator<OggPage> {
  let before = sizeBytes;
  for (let count = 0; count < mostPieces && before > 0; count++) {
    const start = Math.max(0, before - pieceBytes);
    const bytes = Buffer.from(await read(start, Math.min(before + mostHeadBytes, sizeBytes)));
    for (let at = before - start - 1; at >= 0; at--) {
      at = bytes.lastIndexOf(capture, at);
      const page = at < 0 ? null : oggPageIn(bytes, at, start);
      if (page && page.endAt <= sizeBytes) yield page;
    }
    before = start;
  }
}

/**
 * An Ogg up to its last whole page: its reader gives up where the last one is torn.
 * @returns the clip itself where nothing is torn off
 * @throws what `read` throws
 */
export async function wholeOgg(clip: ClipBytes): Promise<ClipBytes> {
  for await (const { endAt } of oggPagesFromEnd(clip))
    return endAt === clip.sizeBytes ? clip : partOfClip(clip, 0, endAt);
  return clip;
}
