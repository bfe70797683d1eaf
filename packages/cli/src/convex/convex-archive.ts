import { UsageError } from "../terminal";
import type { ContainedFile } from "./container/container";
import { openContainer } from "./container/open-container";
import { refusal, Unreadable } from "./container/unreadable";
import { readDocuments, type StorageDocument } from "./storage-document";
import { UnusableFile } from "./unusable-file";

/** One stored file of an export: what Convex says of it, and where its bytes are in the archive. */
export interface ArchivedFile extends StorageDocument {
  /** Its `_id`, after the component's name where it belongs to one. */
  sourceId: string;
  /** As the archive calls it: the id, and an extension where Convex guessed one. */
  filename: string;
  /** Null where the document came without bytes. */
  bytes: ContainedFile | null;
}

export interface ConvexArchive {
  files: ArchivedFile[];
  /** Bytes in the archive that no document names. */
  strayEntries: number;
  close(): Promise<void>;
}

/** `documents.jsonl` of one storage larger than this is not from Convex. */
const maxDocumentsBytes = 1024 ** 3;

/**
 * Opens what `npx convex export --include-file-storage` writes, or the folder it was unpacked to. Names in it are never
 * used as paths to write to.
 * @throws UsageError in words for whoever ran the command
 */
export async function openConvexArchive(path: string): Promise<ConvexArchive> {
  const container = await openContainer(path);
  try {
    const root = findRoot(container.files, path);
    const storages = groupByStorage(container.files, root);
    const files: ArchivedFile[] = [];
    let strayEntries = 0;
    for (const [component, { documents, blobs }] of storages) {
      if (documents) files.push(...(await readStorage(path, component, documents, blobs)));
      // Those that a document named have been taken out.
      strayEntries += blobs.size;
    }
    return { files, strayEntries, close: container.close };
  } catch (error) {
    await container.close();
    throw error;
  }
}

interface Storage {
  documents: ContainedFile | null;
  /** By id. */
  blobs: Map<string, ContainedFile>;
}

/** What an export's own names stand behind when it was unpacked and packed again: "", "./", "snapshot/". */
function findRoot(entries: readonly ContainedFile[], path: string): string {
  const roots = new Set<string>();
  for (const { name } of entries) {
    const [, root] =
      /^((?:[^/]+\/)*?)(?:_components\/[^/]+\/)*_storage\/documents\.jsonl$/.exec(name) ?? [];
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
  const inner = entries.find(({ name }) => /\.zip$/i.test(name));
  throw new UsageError(
    inner
      ? `${path} holds no file storage, but another archive, ${inner.name}. Unpack it once, then import that.`
      : `${path} holds no file storage: there is no _storage/documents.jsonl in it. Export with: npx convex export --include-file-storage --path export.zip`,
  );
}

/** The app's own storage, under an empty name, and one for each component that has files. */
function groupByStorage(entries: readonly ContainedFile[], root: string): Map<string, Storage> {
  const storages = new Map<string, Storage>();
  for (const entry of entries) {
    if (!entry.name.startsWith(root)) continue;
    const name = entry.name.slice(root.length);
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
  path: string,
  component: string,
  documents: ContainedFile,
  blobs: Map<string, ContainedFile>,
): Promise<ArchivedFile[]> {
  if (documents.sizeBytes > maxDocumentsBytes) {
    throw refusal(path, new Error(`${documents.name} would unpack to more than 1 GB`));
  }
  const files: ArchivedFile[] = [];
  const seen = new Set<string>();
  try {
    for await (const document of readDocuments(await documents.open())) {
      if (seen.has(document.id)) throw new Error(`the document ${document.id} is there twice`);
      seen.add(document.id);
      const bytes = blobs.get(document.id) ?? null;
      blobs.delete(document.id);
      files.push({
        ...document,
        sourceId: component ? `${component}/${document.id}` : document.id,
        filename: bytes?.name.split("/").at(-1) ?? document.id,
        bytes,
      });
    }
  } catch (error) {
    // Without its documents an export tells of no file.
    throw refusal(path, error instanceof UnusableFile ? asWhole(documents, error) : error);
  }
  return files;
}

function asWhole({ name }: ContainedFile, { message, remedy }: UnusableFile): Unreadable {
  return new Unreadable(`${name}: ${message}`, remedy);
}
