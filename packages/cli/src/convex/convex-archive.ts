import type { Readable } from "node:stream";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { UsageError } from "../terminal";
import { readDocuments, type StorageDocument } from "./storage-document";

/** One stored file of an export: what Convex says of it, and where its bytes are in the archive. */
export interface ArchivedFile extends StorageDocument {
  /** Its `_id`, after the component's name where it belongs to one. */
  sourceId: string;
  /** As the archive calls it: the id, and an extension where Convex guessed one. */
  filename: string;
  /** Null where the document came without bytes. */
  entry: Entry | null;
}

export interface ConvexArchive {
  files: ArchivedFile[];
  /** Bytes in the archive that no document names. */
  strayEntries: number;
  /** The bytes of a file, decompressed; fails where they are not as many as the archive says. */
  read(entry: Entry): Promise<Readable>;
  close(): void;
}

/** `documents.jsonl` of one storage larger than this is not from Convex. */
const maxDocumentsBytes = 1024 ** 3;

/**
 * Opens what `npx convex export --include-file-storage` writes. Names in it are never used as paths, so nothing can be
 * written outside of a folder; a name that tries, entries that overlap, or an archive that is cut off are refused.
 * @throws UsageError in words for whoever ran the command
 */
export async function openConvexArchive(path: string): Promise<ConvexArchive> {
  const zip = await openZip(path);
  try {
    const entries = await readEntries(zip, path);
    refuseOverlaps(entries, path);
    const root = findRoot(entries, path);
    const storages = groupByStorage(entries, root);
    const files: ArchivedFile[] = [];
    let strayEntries = 0;
    for (const [component, { documents, blobs }] of storages) {
      if (documents) files.push(...(await readStorage(zip, path, component, documents, blobs)));
      // Those that a document named have been taken out.
      strayEntries += blobs.size;
    }
    return {
      files,
      strayEntries,
      read: (entry) => zip.openReadStreamPromise(entry),
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, {
      lazyEntries: true,
      autoClose: false,
      // Windows' own packer writes backslashes. They become slashes, and a name that leads elsewhere is refused all the same.
      strictFileNames: false,
      validateEntrySizes: true,
    });
  } catch (error) {
    throw damaged(path, error);
  }
}

async function readEntries(zip: ZipFile, path: string): Promise<Entry[]> {
  try {
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    return entries;
  } catch (error) {
    throw damaged(path, error);
  }
}

/** Entries that share bytes are how a small archive unpacks to a huge one. */
function refuseOverlaps(entries: readonly Entry[], path: string): void {
  const byPlace = entries.toSorted(
    (a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader,
  );
  byPlace.forEach((entry, index) => {
    const next = byPlace[index + 1];
    const end = entry.relativeOffsetOfLocalHeader + entry.compressedSize;
    if (next && end > next.relativeOffsetOfLocalHeader) {
      throw damaged(path, new Error(`${entry.fileName} and ${next.fileName} share their bytes`));
    }
  });
}

interface Storage {
  documents: Entry | null;
  /** By id. */
  blobs: Map<string, Entry>;
}

/** What an export's own names stand behind when it was unpacked and packed again: "", "./", "snapshot/". */
function findRoot(entries: readonly Entry[], path: string): string {
  const roots = new Set<string>();
  for (const { fileName } of entries) {
    const [, root] =
      /^((?:[^/]+\/)*?)(?:_components\/[^/]+\/)*_storage\/documents\.jsonl$/.exec(fileName) ?? [];
    // What macOS packs beside each file.
    if (root !== undefined && !root.startsWith("__MACOSX/")) roots.add(root);
  }
  const [root, another] = roots;
  if (another !== undefined) {
    throw new UsageError(
      `${path} holds several exports, in "${root}" and "${another}". Pack each on its own, then import one after the other.`,
    );
  }
  if (root !== undefined) return root;
  const inner = entries.find(({ fileName }) => /\.zip$/i.test(fileName));
  throw new UsageError(
    inner
      ? `${path} holds no file storage, but another archive, ${inner.fileName}. Unpack it once, then import that.`
      : `${path} holds no file storage: there is no _storage/documents.jsonl in it. Export with: npx convex export --include-file-storage --path export.zip`,
  );
}

/** The app's own storage, under an empty name, and one for each component that has files. */
function groupByStorage(entries: readonly Entry[], root: string): Map<string, Storage> {
  const storages = new Map<string, Storage>();
  for (const entry of entries) {
    if (!entry.fileName.startsWith(root)) continue;
    const name = entry.fileName.slice(root.length);
    const found = /^((?:_components\/[^/]+\/)*)_storage\/([^/]+)$/.exec(name);
    // `._name` and `.DS_Store` are macOS's.
    if (!found || found[2]?.startsWith(".")) continue;
    const component = (found[1] ?? "").replaceAll("_components/", "").replace(/\/$/, "");
    const storage: Storage = storages.get(component) ?? { documents: null, blobs: new Map() };
    storages.set(component, storage);
    const blob = found[2] ?? "";
    if (blob === "documents.jsonl") storage.documents = entry;
    else if (blob !== "generated_schema.jsonl") storage.blobs.set(blob.replace(/\..*$/, ""), entry);
  }
  return storages;
}

async function readStorage(
  zip: ZipFile,
  path: string,
  component: string,
  documents: Entry,
  blobs: Map<string, Entry>,
): Promise<ArchivedFile[]> {
  if (documents.uncompressedSize > maxDocumentsBytes) {
    throw damaged(path, new Error(`${documents.fileName} would unpack to more than 1 GB`));
  }
  const files: ArchivedFile[] = [];
  const seen = new Set<string>();
  try {
    for await (const document of readDocuments(await zip.openReadStreamPromise(documents))) {
      if (seen.has(document.id)) throw new Error(`the document ${document.id} is there twice`);
      seen.add(document.id);
      const entry = blobs.get(document.id) ?? null;
      blobs.delete(document.id);
      files.push({
        ...document,
        sourceId: component ? `${component}/${document.id}` : document.id,
        filename: entry?.fileName.split("/").at(-1) ?? document.id,
        entry,
      });
    }
  } catch (error) {
    throw damaged(path, error);
  }
  return files;
}

function damaged(path: string, error: unknown): UsageError {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && "code" in error && error.code === "ENOENT") {
    return new UsageError(`There is no file ${path}.`);
  }
  return new UsageError(
    `${path} cannot be read as an export of Convex: ${reason}. Nothing was imported. Download it again, then run the same command.`,
  );
}
