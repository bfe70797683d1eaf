import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from "yauzl";
import { UnusableFile } from "../unusable-file";
import type { Container } from "./container";
import { findZip } from "./find-zip";
import { Unreadable } from "./unreadable";

/**
 * Names in a zip archive that would lead out of it, entries that overlap, and an archive that is cut off are refused.
 * @throws Error whose message is the reason
 */
export async function openZip(path: string): Promise<Container> {
  const file = await open(path);
  try {
    const { start, end } = await findZip(file);
    const zip = await fromRandomAccessReaderPromise(new Range(path, file, start), end - start, {
      autoClose: false,
      // Windows' own packer writes backslashes. They become slashes, and a name that leads elsewhere is refused all the same.
      strictFileNames: false,
      // While they are listed, one entry whose sizes do not fit would keep all others away.
      validateEntrySizes: false,
    });
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    zip.validateEntrySizes = true;
    refuseOverlaps(entries);
    return {
      files: entries.map((entry) => ({
        name: entry.fileName,
        sizeBytes: entry.uncompressedSize,
        open: () => openEntry(zip, entry),
      })),
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw inWords(error);
  }
}

/** The archive within its file: there may be bytes before it and after it. */
class Range extends RandomAccessReader {
  constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private readonly start: number,
  ) {
    super();
  }

  /** Opens the file once more: whoever ends such a stream closes what it reads. */
  override _readStreamForRange(start: number, end: number): Readable {
    return createReadStream(this.path, { start: this.start + start, end: this.start + end - 1 });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.file.read(buffer, offset, length, this.start + position).then(
      ({ bytesRead }) => callback(null, bytesRead),
      (error: Error) => callback(error),
    );
  }
}

/** Entries that share bytes are how a small archive unpacks to a huge one. */
function refuseOverlaps(entries: readonly Entry[]): void {
  const byPlace = entries.toSorted(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  );
  byPlace.forEach((entry, index) => {
    const next = byPlace[index + 1];
    const end = entry.relativeOffsetOfLocalHeader + entry.compressedSize;
    if (next && end > next.relativeOffsetOfLocalHeader) {
      throw new Error(`${entry.fileName} and ${next.fileName} share their bytes`);
    }
  });
}

/** What packers use beside the two methods that every archive is read by. */
const methods: Record<number, string> = {
  9: "Deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "Zstandard",
  95: "xz",
  98: "PPMd",
};

const unlock = "Unpack the archive with its password, then import the folder.";

async function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  const { compressionMethod } = entry;
  if (entry.isEncrypted()) throw new UnusableFile("it is locked with a password", unlock);
  if (!entry.canDecodeFileData()) {
    throw new UnusableFile(
      `it is packed by ${methods[compressionMethod] ?? `method ${compressionMethod}`}, which is not read here`,
      "Unpack the archive, then import the folder.",
    );
  }
  try {
    return await zip.openReadStreamPromise(entry);
  } catch {
    throw new UnusableFile("the archive is damaged where its bytes should begin");
  }
}

/** The library's own words are for whoever calls it. */
function inWords(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Unreadable) return error;
  const { message } = error;
  if (/strong encryption/.test(message)) {
    return new Unreadable("it is locked with a password", unlock);
  }
  if (/multi-disk/.test(message)) {
    return new Unreadable("it is one part of several", "Join them, then run the same command.");
  }
  if (/central dir|extra field|unexpected EOF|comment length/i.test(message)) {
    return new Unreadable("its table of contents is damaged");
  }
  return error;
}
