import { normalizeType } from "./content-types";
import { isOddControl, type TextEncoding, TextScan } from "./text-scan";

/** How much of the beginning is looked at. Zip-based documents say late what they are. */
export const sampleBytes = 64 * 1024;

/** What bytes tell of themselves. */
export interface ByteFacts {
  /** The type that a signature gives away; plain text and many formats have none. */
  signature: string | null;
  /** Behind a tag that is longer than the sample, or wrong about its length: some sound, most often MPEG. */
  isTaggedSound: boolean;
  /** Null where they are no text. */
  text: TextEncoding | null;
  /** No text, but for a few kinds of controls: a log that a crash filled with NULs, UTF-32, EBCDIC. Not asked of what has a signature. */
  isNearlyText: boolean;
  /** The signature does not begin it, and all of it is text, which may quote it. */
  isQuoted: boolean;
  /** A text that a browser would take for a page, or an image that can hold scripts. */
  isPage: boolean;
}

/** Formats whose signature says enough, where a look at what follows it runs past the sample, and some that are rare. */
const signatures: [at: number, hex: string, type: string][] = [
  [0, "89504e470d0a1a0a", "image/png"],
  [0, "1a45dfa3", "video/matroska"],
  [0, "49492a00", "image/tiff"],
  [0, "4d4d002a", "image/tiff"],
  [0, "52463634", "audio/wav"],
  [0, "42573634", "audio/wav"],
  [0, "63616666", "audio/x-caf"],
  [4, "736b6970", "video/quicktime"],
  [4, "706e6f74", "video/quicktime"],
  [0, "d0cf11e0a1b11ae1", "application/x-cfb"],
];

/** Two or three letters, or a word, which a text may begin with, too: "BMW", "MZ", "FLV", "You skip". */
const weakSignatures = new Set([
  "image/bmp",
  "audio/ape",
  "audio/mpeg",
  "audio/x-musepack",
  "video/x-flv",
  "video/quicktime",
  "application/avro",
  "application/x-msdownload",
  "application/x-shockwave-flash",
  "application/x-arj",
  "application/x-compress",
]);

/** What begins with it is not read as text here, and would be taken for an MP3. */
const utf32Mark = Buffer.from("fffe0000", "hex");

/** Looks at the beginning of bytes, at most `sampleBytes` of it. */
export async function sniffFacts(sample: Uint8Array): Promise<ByteFacts> {
  const text = new TextScan(sample).soFar();
  const found = await findSignature(sample, text);
  const isPage = text !== null && looksLikePage(sample, text);
  const isNearlyText = text === null && found.signature === null && isTextBesideControls(sample);
  const isQuoted = text !== null && found.signature === "application/pdf" && isBehindText(sample);
  return { ...found, text, isNearlyText, isPage, isQuoted };
}

/** Beside NULs, such as separate the fields of a record: noise has more kinds of them, and more of each. */
const fewKinds = 3;
const fewShare = 0.2;
const fewInAll = 4;

function isTextBesideControls(sample: Uint8Array): boolean {
  // Counted through, since `filter` takes ten times as long.
  const rest = new Uint8Array(sample.length);
  const kinds = new Set<number>();
  const few = Math.max(fewInAll, sample.length * fewShare);
  let [length, controls] = [0, 0];
  for (let at = 0; at < sample.length; at++) {
    const byte = sample[at] ?? 0;
    if (isOddControl[byte] === 0) rest[length++] = byte;
    else if (byte !== 0 && kinds.add(byte) && ++controls > few) return false;
  }
  if (length === 0 || length === sample.length || kinds.size > fewKinds) return false;
  return new TextScan(rest.subarray(0, length)).soFar() !== null;
}

async function findSignature(
  sample: Uint8Array,
  text: TextEncoding | null,
): Promise<Pick<ByteFacts, "signature" | "isTaggedSound">> {
  const isWide =
    text === "utf-16le" || text === "utf-16be" || utf32Mark.equals(sample.subarray(0, 4));
  if (isWide) return { signature: null, isTaggedSound: false };
  const tagBytes = text === null ? tagLength(sample) : 0;
  if (tagBytes > 0) {
    const behind = tagBytes < sample.length ? await signatureOf(sample.subarray(tagBytes)) : null;
    const isSound = behind?.startsWith("audio/") ?? false;
    return { signature: isSound ? behind : "audio/mpeg", isTaggedSound: !isSound };
  }
  const first = await signatureOf(sample);
  const signature = first && isTrue(first, text) ? first : lateSignature(sample, text);
  return { signature, isTaggedSound: false };
}

/** Whether bytes that begin like a format are of it, and no text that does. */
function isTrue(signature: string, text: TextEncoding | null): boolean {
  if (text === null) return true;
  // Where it lies in a text, it is looked for as a late one is.
  return signature !== "application/pdf" && !weakSignatures.has(signature);
}

let parsers: Promise<typeof import("file-type")> | undefined;

async function signatureOf(bytes: Uint8Array): Promise<string | null> {
  // Kept, as finding a module again costs as much as reading a signature.
  parsers ??= import("file-type");
  const { fileTypeFromBuffer } = await parsers;
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (found) return normalizeType(found.mime);
  const start = Buffer.from(bytes.subarray(0, 8)).toString("hex");
  return signatures.find(([at, hex]) => start.startsWith(hex, at * 2))?.[2] ?? null;
}

/** The length of an ID3 tag, which any kind of sound may stand behind. */
function tagLength(bytes: Uint8Array): number {
  const [i, d, three, version = 255, , flags = 0, ...size] = bytes.subarray(0, 10);
  if (i !== 0x49 || d !== 0x44 || three !== 0x33 || version > 4 || size.length < 4) return 0;
  const contentBytes = size.reduce((sum, byte) => sum * 128 + (byte & 127), 0);
  return 10 + contentBytes + (flags & 0x10 ? 10 : 0);
}

/** Readers of a PDF look for it so far; some programs write a line feed, a mark, a mail's header or a printer's commands before it. */
const lateWithin = 1024;
/** Of the frames of a recording that was cut out of a stream, so many must follow each other. */
const framesInARow = 3;

function lateSignature(sample: Uint8Array, text: TextEncoding | null): string | null {
  const start = startOf(sample);
  if (isPdf(start, text)) return "application/pdf";
  if (isPrintersScript(start)) return "application/postscript";
  if (/^(\xef\xbb\xbf)?\s*\{\\rtf\d/.test(start)) return "application/rtf";
  return text === null && hasSoundFrames(sample) ? "audio/mpeg" : null;
}

function startOf(sample: Uint8Array): string {
  const { buffer, byteOffset, length } = sample;
  return Buffer.from(buffer, byteOffset, Math.min(length, lateWithin)).toString("latin1");
}

/** PostScript as drivers write it for a printer: behind an end of file, or a command to change its language. */
function isPrintersScript(start: string): boolean {
  const at = start.search(/%!PS/);
  const before = start.slice(0, Math.max(at, 0)).trimEnd();
  return at > 0 && (before === "\u0004" || before.startsWith("\u001b%-12345X"));
}

/** Where all of it is text, that has to be a line of its own, since a text may speak of it. */
function isPdf(start: string, text: TextEncoding | null): boolean {
  const at = (text === null ? /%PDF-/ : ownLine).exec(start)?.index ?? -1;
  return at >= 0 && !pageStart.test(start.slice(0, at));
}

const ownLine = /(?<=^(?:\xef\xbb\xbf)?|[\r\n])[ \t]*%PDF-\d\.\d[ \t]*(?:$|[%\r\n])/;

function isBehindText(sample: Uint8Array): boolean {
  const start = startOf(sample);
  return /[^\s\xef\xbb\xbf]/.test(start.slice(0, start.search(ownLine)));
}

/** Whether frames of MPEG audio, layer III, follow each other somewhere near the beginning. */
function hasSoundFrames(bytes: Uint8Array): boolean {
  const end = Math.min(bytes.length, 8192) - 4;
  for (let at = bytes.indexOf(0xff); at >= 0 && at < end; at = bytes.indexOf(0xff, at + 1)) {
    let [next, frames] = [at, 0];
    for (let length = frameBytes(bytes, next); length > 0; length = frameBytes(bytes, next)) {
      next += length;
      if (++frames === framesInARow) return true;
    }
  }
  return false;
}

const kilobits = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const hertz = [44_100, 48_000, 32_000];

/** The length of the layer III frame that begins here, or 0. */
function frameBytes(bytes: Uint8Array, at: number): number {
  const [sync, kind = 0, rates = 0] = bytes.subarray(at, at + 3);
  if (sync !== 0xff || (kind & 0xe6) !== 0xe2) return 0;
  const version = (kind >> 3) & 3;
  if (version === 1) return 0;
  const isFirst = version === 3;
  const rate = kilobits[isFirst ? 1 : 2][rates >> 4] ?? 0;
  const samplesPerSecond = (hertz[(rates >> 2) & 3] ?? 0) / (isFirst ? 1 : version === 2 ? 2 : 4);
  if (rate === 0 || samplesPerSecond === 0) return 0;
  const padding = (rates >> 1) & 1;
  return Math.floor(((isFirst ? 144 : 72) * rate * 1000) / samplesPerSecond) + padding;
}

/** What browsers take for a page when nobody says what it is (WHATWG MIME sniffing, 7.1), and SVG. */
const pageStart =
  /^(?:\ufeff|\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*<(?:!doctype|html|head|body|script|iframe|h1|div|font|table|a|style|title|b|br|p|svg|meta|link|img|form|object|embed)\b/i;

function looksLikePage(sample: Uint8Array, encoding: TextEncoding): boolean {
  const label = encoding === "unknown-8bit" ? "latin1" : encoding;
  return pageStart.test(new TextDecoder(label).decode(sample.subarray(0, 2048)));
}
