import { crc32 } from "node:zlib";
import { orientationExif, orientationOf } from "./exif";

const signatureBytes = 8;
const textChunks = new Set(["tEXt", "zTXt", "iTXt", "tIME"]);

/**
 * A PNG without metadata but its colour profile and orientation; its pixels are untouched.
 * @returns null where the bytes are not laid out as a PNG
 */
export function stripPng(bytes: Buffer): Buffer | null {
  const kept: Buffer[] = [bytes.subarray(0, signatureBytes)];
  for (let at = signatureBytes; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    const type = bytes.toString("latin1", at + 4, at + 8);
    if (!/^[A-Za-z]{4}$/.test(type)) return null;
    if (type === "eXIf") {
      const orientation = orientationOf(bytes.subarray(at + 8, end - 4));
      if (orientation !== 1) kept.push(chunk("eXIf", orientationExif(orientation)));
    } else if (!textChunks.has(type)) {
      kept.push(bytes.subarray(at, end));
    }
    // What follows the end is no part of the picture.
    if (type === "IEND") break;
    at = end;
  }
  return Buffer.concat(kept);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
