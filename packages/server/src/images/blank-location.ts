import { readFile } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { default as Sharp } from "sharp";
import { type BytePatch, patchesBetween } from "../bytes/byte-patches";
import { BenchRefusal } from "../workbench/bench-refusal";
import { blankBoxes, emptyFindings } from "../workbench/blank-boxes";
import { blankGps } from "./exif";
import { bytesHaveLocation, hasIptcPlace, hasLocation, xmpPackets, xmpPlace } from "./has-location";
import { openSharp } from "./open-sharp";
import { type ImageSource, readHeader } from "./read-header";

/**
 * Where a picture says in which place it was taken, and what to write there instead: as many bytes, so that nothing else in
 * it moves. Pixels, colours, orientation, and pictures and films that lie behind the first stay.
 * @returns null where it says nothing of a place
 * @throws BenchRefusal UNSUPPORTED_MEDIA_TYPE when the place can be seen and not removed
 */
export async function pictureLocation(source: ImageSource): Promise<BytePatch[] | null> {
  const bytes =
    typeof source === "string"
      ? await readFile(source)
      : Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const sharp = await openSharp();
  const copy = Buffer.from(bytes);
  const saidInFilm = blankFilms(copy);
  if (!saidInFilm && !(await saysWhere(sharp, bytes))) return null;
  blankGps(copy);
  if (isJpeg(copy)) blankJpegs(copy);
  else if (isPng(copy)) blankPng(copy);
  else blankXmp(copy);
  if (await saysWhere(sharp, copy)) throw unremovable();
  return patchesBetween(bytes, copy);
}

function unremovable(): BenchRefusal {
  const reason = "the picture says where it was taken, and that cannot be removed";
  return new BenchRefusal("UNSUPPORTED_MEDIA_TYPE", { reason });
}

async function saysWhere(sharp: typeof Sharp, bytes: Buffer): Promise<boolean> {
  const header = await readHeader(sharp, bytes, Number.POSITIVE_INFINITY);
  return (header !== null && hasLocation(header)) || bytesHaveLocation(bytes);
}

/** For containers that hold offsets to their parts. */
function blankXmp(bytes: Buffer): void {
  for (const { start, end } of xmpPackets(bytes)) {
    if (xmpPlace.test(bytes.toString("utf8", start, end))) bytes.fill(" ", start, end);
  }
}

const startOfPicture = Buffer.of(0xff, 0xd8, 0xff);
const startOfScan = 0xda;
const app1 = 0xe1;
const app13 = 0xed;
/** A picture, its gain map, its other eye: more is noise. */
const mostPictures = 100;
const xmpName = "http://ns.adobe.com/xap/1.0/\0";
const longXmpName = "http://ns.adobe.com/xmp/extension/\0";
/** Behind the name: which packet it belongs to, how long that is, and where in it this part begins. */
const longXmpHeadBytes = 40;

function isJpeg(bytes: Buffer): boolean {
  return bytes.subarray(0, 3).equals(startOfPicture);
}

/** A JPEG and those that follow it, as in an MPO or behind a picture with a gain map. */
function blankJpegs(bytes: Buffer): void {
  let from = 0;
  for (let count = 0; from >= 0 && count < mostPictures; count++) {
    // Within a scan 0xff is followed by 0 or a restart marker, so what looks like a beginning is one.
    from = bytes.indexOf(startOfPicture, blankSegments(bytes, from + 2));
  }
}

/** @returns where the first scan begins, or where the bytes are laid out otherwise */
function blankSegments(bytes: Buffer, from: number): number {
  const long: Buffer[] = [];
  let at = from;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === startOfScan) break;
    // Markers may be padded with 0xff.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    const body = bytes.subarray(at + 4, end);
    if (marker === app1 && startsWith(body, xmpName)) blankText([body.subarray(xmpName.length)]);
    if (marker === app1 && startsWith(body, longXmpName))
      long.push(body.subarray(longXmpName.length + longXmpHeadBytes));
    if (marker === app13 && hasIptcPlace(body)) body.fill(0);
    at = end;
  }
  blankText(long);
  return at;
}

/** What is in parts is read as one: a word may stand across two of them. */
function blankText(parts: Buffer[]): void {
  if (!xmpPlace.test(Buffer.concat(parts).toString("utf8"))) return;
  for (const part of parts) part.fill(" ");
}

function startsWith(bytes: Buffer, text: string): boolean {
  return bytes.toString("latin1", 0, text.length) === text;
}

const pngSignature = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** A chunk that readers pass over, by PNG's rules for names. */
const blankChunk = "fmBk";

function isPng(bytes: Buffer): boolean {
  return bytes.subarray(0, pngSignature.length).equals(pngSignature);
}

function blankPng(bytes: Buffer): void {
  for (let at = pngSignature.length; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return;
    const type = bytes.toString("latin1", at + 4, at + 8);
    const body = bytes.subarray(at + 8, end - 4);
    const isText = type === "tEXt" || type === "iTXt" || type === "zTXt";
    if (isText && mayTellPlace(body)) {
      bytes.write(blankChunk, at + 4, "latin1");
      body.fill(0);
    }
    // EXIF in it was blanked before.
    if (isText || type === "eXIf")
      bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end - 4)), end - 4);
    at = end;
  }
}

/** What is packed cannot be searched: its name decides. */
function mayTellPlace(body: Buffer): boolean {
  const name = body.toString("latin1", 0, Math.min(80, body.indexOf(0)));
  return (
    /xmp|raw profile|exif|iptc|gps|location|coordinates/i.test(name) ||
    xmpPlace.test(body.toString("utf8"))
  );
}

/** A film behind or within a picture, as phones make them of the moment around it. */
function blankFilms(bytes: Buffer): boolean {
  const findings = emptyFindings();
  const first = 32;
  for (let at = bytes.indexOf("ftyp", first); at >= 0; at = bytes.indexOf("ftyp", at + 4)) {
    const start = at - 4;
    const boxBytes = bytes.readUInt32BE(start);
    if (boxBytes < 16 || boxBytes > 512 || boxBytes % 4 !== 0) continue;
    const film = bytes.subarray(start);
    const before = findings.samples.length;
    blankBoxes(film, findings);
    for (const { start, end } of findings.samples.slice(before)) film.fill(0, start, end);
  }
  return findings.saysWhere;
}
