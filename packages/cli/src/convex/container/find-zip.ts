import type { FileHandle } from "node:fs/promises";
import { Unreadable } from "./unreadable";

/** How far from the end of the file an archive's own end is looked for: a comment's length, and as much again. */
const tailBytes = 128 * 1024;

const endBytes = 22;
const locatorBytes = 20;
const end64Bytes = 56;

const signatures = {
  end: 0x06054b50,
  locator64: 0x07064b50,
  end64: 0x06064b50,
  entry: 0x02014b50,
};

/**
 * Where in a file the zip archive lies. As `unzip` does, this allows bytes before it and after it: a download adds a line
 * to its end, or a packer a program to its start, and every place that the archive tells is off by as many.
 * @throws Unreadable, which says what else the file is
 */
export async function findZip(file: FileHandle): Promise<{ start: number; end: number }> {
  const { size } = await file.stat();
  const other = tellOther(await readAt(file, 0, Math.min(size, 512)));
  const tailStart = Math.max(0, size - tailBytes);
  const tail = await readAt(file, tailStart, size - tailStart);
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== signatures.end) continue;
    const end = tailStart + at + endBytes + tail.readUInt16LE(at + 20);
    const start = end <= size ? await findStart(file, tailStart + at, tail.subarray(at)) : null;
    if (start === 0) return { start, end };
    // What lies within another kind of file, or within an archive that is cut off, is one of the files in it.
    if (start !== null && !other) return { start, end };
  }
  throw other ?? new Unreadable("it is no zip archive");
}

/** How many bytes lie before the archive whose end is at `endAt`; null where none ends there. */
async function findStart(file: FileHandle, endAt: number, end: Buffer): Promise<number | null> {
  const locatorAt = endAt - locatorBytes;
  const locator = await readAt(file, Math.max(0, locatorAt), locatorBytes);
  if (locatorAt >= 0 && locator.readUInt32LE(0) === signatures.locator64) {
    const told = Number(locator.readBigUInt64LE(8));
    for (const at of [told, locatorAt - end64Bytes]) {
      if (at >= told && (await holds(file, at, signatures.end64))) return at - told;
    }
    return null;
  }
  // One of several parts: the library says so.
  if (end.readUInt16LE(4) !== 0) return 0;
  const contentsBytes = end.readUInt32LE(12);
  const told = end.readUInt32LE(16);
  const at = endAt - contentsBytes;
  const isEmpty = contentsBytes === 0;
  if (at > told && (isEmpty || (await holds(file, at, signatures.entry)))) return at - told;
  return isEmpty || (await holds(file, told, signatures.entry)) ? 0 : null;
}

async function holds(file: FileHandle, at: number, signature: number): Promise<boolean> {
  if (at < 0 || !Number.isSafeInteger(at)) return false;
  const bytes = await readAt(file, at, 4);
  return bytes.length === 4 && bytes.readUInt32LE(0) === signature;
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

const otherPackings: readonly (readonly [start: string, name: string])[] = [
  ["1f8b", "gzip"],
  ["425a68", "bzip2"],
  ["fd377a585a00", "xz"],
  ["28b52ffd", "Zstandard"],
  ["377abcaf271c", "7-Zip"],
  ["526172211a07", "RAR"],
];

/** What a file is by its first bytes, where that is no archive with other bytes before it. */
function tellOther(head: Buffer): Unreadable | null {
  if (head.length === 0) return new Unreadable("it is empty");
  const hex = head.toString("hex");
  const isTar = head.toString("latin1", 257, 262) === "ustar";
  const packing = isTar ? "tar" : otherPackings.find(([start]) => hex.startsWith(start))?.[1];
  if (packing) {
    return new Unreadable(
      `it is packed by ${packing}, and is no zip archive`,
      "Unpack it, then import the folder or the zip archive that comes out.",
    );
  }
  if (hex.startsWith("504b0304")) return new Unreadable("it is cut off: its end is missing");
  const text = head.toString("utf8").trimStart();
  if (/^<(!doctype html|html|head|!--)/i.test(text)) {
    return new Unreadable("it is a web page, such as one that asks to sign in");
  }
  return null;
}
