import { xmpPlace } from "../images/has-location";

/** What was found in a container of MP4's family, and blanked. */
export interface BoxFindings {
  saysWhere: boolean;
  /** Bytes of the file that hold a track of places, such as a drone's or an action camera's: to be blanked, too. */
  samples: { start: number; end: number }[];
}

interface Box {
  type: string;
  at: number;
  bodyAt: number;
  end: number;
}

const containers = new Set(["moov", "trak", "mdia", "minf", "stbl", "udta", "meta", "mpvd"]);
/** QuickTime's and 3GPP's boxes for a place; the first byte of most is a copyright sign. */
const placeBoxes = new Set(["\xa9xyz", "@xyz", "loci", "\xa9gps", "gps ", "GPS "]);
const placeKey = /location|gps|latitude|longitude|iso6709/i;
const xmpUuid = Buffer.from("be7acfcb97a942e89c71999491e3afac", "hex");
/** GoPro's, Google's and Sony's tracks of measurements, and Apple's where it says that it holds places. */
const placeTracks = new Set(["gpmd", "camm", "rtmd"]);
const deepest = 12;
/** A track of measurements that claims more samples is none. */
const mostSamples = 2_000_000;

export function emptyFindings(): BoxFindings {
  return { saysWhere: false, samples: [] };
}

/** Overwrites every word on a place in boxes that stand one behind the other; they keep their length. */
export function blankBoxes(bytes: Buffer, findings: BoxFindings, depth = 0): void {
  if (depth > deepest) return;
  for (const box of boxesIn(bytes)) blankBox(bytes, box, findings, depth);
}

function blankBox(bytes: Buffer, box: Box, findings: BoxFindings, depth: number): void {
  const { type, bodyAt, end } = box;
  const body = bytes.subarray(bodyAt, end);
  if (placeBoxes.has(type)) {
    blank(bytes, box);
    findings.saysWhere = true;
  } else if (type === "XMP_" || (type === "uuid" && body.subarray(0, 16).equals(xmpUuid))) {
    const text = type === "uuid" ? body.subarray(16) : body;
    if (!xmpPlace.test(text.toString("utf8"))) return;
    text.fill(" ");
    findings.saysWhere = true;
  } else if (type === "meta") {
    blankMeta(childrenOfMeta(body), findings, depth);
  } else if (containers.has(type)) {
    if (type === "trak") findPlaceTrack(body, findings);
    blankBoxes(body, findings, depth + 1);
  }
}

/** It becomes a box that readers pass over. */
function blank(bytes: Buffer, { at, bodyAt, end }: Box): void {
  bytes.write("free", at + 4, "latin1");
  bytes.fill(0, bodyAt, end);
}

/** QuickTime's holds boxes alone, MP4's a version before them. */
function childrenOfMeta(body: Buffer): Buffer {
  return body.toString("latin1", 4, 8) === "hdlr" ? body : body.subarray(4);
}

/** Names of values in one box, their values by number in another. */
function blankMeta(meta: Buffer, findings: BoxFindings, depth: number): void {
  const places = new Set<number>();
  for (const { type, bodyAt, end } of boxesIn(meta)) {
    if (type !== "keys") continue;
    let at = bodyAt + 8;
    for (let index = 1; at + 8 <= end; index++) {
      const next = at + meta.readUInt32BE(at);
      if (next < at + 8 || next > end) break;
      if (placeKey.test(meta.toString("latin1", at + 8, next))) {
        places.add(index);
        meta.fill("-", at + 8, next);
        findings.saysWhere = true;
      }
      at = next;
    }
  }
  for (const box of boxesIn(meta)) {
    if (box.type !== "ilst") {
      blankBox(meta, box, findings, depth + 1);
      continue;
    }
    const list = meta.subarray(box.bodyAt, box.end);
    for (const item of boxesIn(list)) {
      const named =
        item.type === "----" && placeKey.test(list.toString("latin1", item.bodyAt, item.end));
      if (!named && !placeBoxes.has(item.type) && !places.has(list.readUInt32BE(item.at + 4)))
        continue;
      blank(list, item);
      findings.saysWhere = true;
    }
  }
}

function* boxesIn(bytes: Buffer): Generator<Box> {
  for (let at = 0; at + 8 <= bytes.length; ) {
    let size = bytes.readUInt32BE(at);
    let headBytes = 8;
    if (size === 1 && at + 16 <= bytes.length) {
      size = Number(bytes.readBigUInt64BE(at + 8));
      headBytes = 16;
    }
    // To the end of what there is; a torn one, too.
    const end = size === 0 ? bytes.length : Math.min(at + size, bytes.length);
    if (end < at + headBytes) return;
    yield { type: bytes.toString("latin1", at + 4, at + 8), at, bodyAt: at + headBytes, end };
    at = end;
  }
}

/** The body of a box by the names of those it lies in. */
function within(bytes: Buffer, path: string[]): Buffer | null {
  const [first, ...rest] = path;
  if (first === undefined) return bytes;
  for (const { type, bodyAt, end } of boxesIn(bytes)) {
    if (type === first) return within(bytes.subarray(bodyAt, end), rest);
  }
  return null;
}

/** A track of places lies in the file like pictures and sound do: its table says where. */
function findPlaceTrack(trak: Buffer, findings: BoxFindings): void {
  const table = within(trak, ["mdia", "minf", "stbl"]);
  const formats = table && within(table, ["stsd"]);
  if (!table || !formats || formats.length < 16) return;
  const format = formats.toString("latin1", 12, 16);
  const tellsPlaces = format === "mebx" && placeKey.test(formats.toString("latin1"));
  if (!placeTracks.has(format) && !tellsPlaces) return;
  findings.saysWhere ||= true;
  findings.samples.push(...sampleRanges(table));
  // Apple's names what it holds; readers need not find it.
  if (tellsPlaces) formats.fill("-", 16);
  formats.write("free", 12, "latin1");
}

function sampleRanges(table: Buffer): { start: number; end: number }[] {
  const sizes = within(table, ["stsz"]);
  const runs = within(table, ["stsc"]);
  const narrow = within(table, ["stco"]);
  const wide = within(table, ["co64"]);
  const chunks = narrow ?? wide;
  if (!sizes || !runs || !chunks || sizes.length < 12 || runs.length < 8 || chunks.length < 8)
    return [];
  const sameBytes = sizes.readUInt32BE(4);
  const count = Math.min(sizes.readUInt32BE(8), mostSamples);
  const sizeOf = (sample: number) =>
    sameBytes || (16 + sample * 4 <= sizes.length ? sizes.readUInt32BE(12 + sample * 4) : 0);
  const runCount = Math.min(runs.readUInt32BE(4), Math.floor((runs.length - 8) / 12));
  const chunkBytes = narrow ? 4 : 8;
  const chunkCount = Math.min(chunks.readUInt32BE(4), Math.floor((chunks.length - 8) / chunkBytes));
  const ranges: { start: number; end: number }[] = [];
  let sample = 0;
  let run = 0;
  for (let chunk = 1; chunk <= chunkCount && sample < count; chunk++) {
    while (run + 1 < runCount && runs.readUInt32BE(8 + (run + 1) * 12) <= chunk) run++;
    const perChunk = runCount > 0 ? runs.readUInt32BE(8 + run * 12 + 4) : 1;
    const at = 8 + (chunk - 1) * chunkBytes;
    const start = narrow ? chunks.readUInt32BE(at) : Number(chunks.readBigUInt64BE(at));
    let end = start;
    for (let n = 0; n < perChunk && sample < count; n++) end += sizeOf(sample++);
    if (end > start) ranges.push({ start, end });
  }
  return ranges;
}
