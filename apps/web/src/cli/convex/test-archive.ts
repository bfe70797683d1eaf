import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { ZipFile } from "yazl";

export interface SampleFile {
  id: string;
  bytes: Buffer;
  contentType?: string;
  extension?: string;
  /** What the document says, where it is not the truth. */
  claims?: { sha256?: string; size?: number };
  /** The document alone. */
  withoutBytes?: boolean;
}

let made = 0;

/** A file as an export holds it, under an id like Convex's. */
export function sample(bytes: Buffer | string, more: Partial<SampleFile> = {}): SampleFile {
  const id = `kg2${String(++made).padStart(4, "0")}${randomBytes(12).toString("hex")}`;
  return { id, bytes: Buffer.from(bytes), ...more };
}

export function sha256Of(bytes: Uint8Array, encoding: "hex" | "base64" = "hex"): string {
  return createHash("sha256").update(bytes).digest(encoding);
}

/** Writes what `npx convex export --include-file-storage` writes, with a table of the app beside the storage. */
export async function writeArchive(
  path: string,
  files: SampleFile[],
  component = "",
  /** What the names stand behind, when it was unpacked and packed again. */
  root = "",
  /** As archives of more than 4 GB end. */
  forceZip64Format = false,
): Promise<void> {
  const zip = new ZipFile();
  const prefix = `${root}${component ? `_components/${component}/` : ""}`;
  const documents = files.map(({ id, bytes, contentType, claims }) =>
    JSON.stringify({
      _creationTime: 1_700_000_000_000.25,
      _id: id,
      ...(contentType && { contentType }),
      internalId: "0b0ab0ab-0000-4000-8000-000000000000",
      sha256: claims?.sha256 ?? sha256Of(bytes, "base64"),
      size: claims?.size ?? bytes.length,
    }),
  );
  zip.addBuffer(Buffer.from('{"_id":"j1","avatar":"kg2"}\n'), `${root}users/documents.jsonl`);
  if (root) {
    zip.addBuffer(Buffer.from("fork"), `__MACOSX/${root}_storage/._documents.jsonl`);
    zip.addBuffer(Buffer.from("fork"), `${prefix}_storage/.DS_Store`);
  }
  zip.addBuffer(Buffer.from(`${documents.join("\n")}\n`), `${prefix}_storage/documents.jsonl`);
  for (const { id, bytes, extension = "", withoutBytes } of files) {
    if (!withoutBytes) zip.addBuffer(bytes, `${prefix}_storage/${id}${extension}`);
  }
  zip.end({ forceZip64Format, comment: "" });
  const out = createWriteStream(path);
  zip.outputStream.pipe(out);
  await once(out, "close");
}
