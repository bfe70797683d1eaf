import type { ClipBytes } from "./clip-reader";

/** A second tag is a mistake of some editors; who has more hides something. */
const maxTags = 4;
const headBytes = 10;
const footerBytes = 10;
const hasFooter = 0x10;

/**
 * How many bytes of ID3 tags lie before a sound. Programs write them before any kind of it.
 * @throws what `read` throws
 */
export async function id3Bytes({ sizeBytes, read }: ClipBytes): Promise<number> {
  let at = 0;
  for (let tags = 0; tags < maxTags && at + headBytes <= sizeBytes; tags++) {
    const head = Buffer.from(await read(at, at + headBytes));
    if (head.toString("latin1", 0, 3) !== "ID3") break;
    const [flags = 0, a = 0, b = 0, c = 0, d = 0] = head.subarray(5);
    const contentBytes = ((a & 127) << 21) | ((b & 127) << 14) | ((c & 127) << 7) | (d & 127);
    at += headBytes + contentBytes + (flags & hasFooter ? footerBytes : 0);
  }
  return at;
}
