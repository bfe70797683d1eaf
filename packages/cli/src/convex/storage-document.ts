import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { z } from "zod";
import { unreadable } from "./unusable-file";

/** A row of Convex's `_storage` table, as far as it matters here. */
export interface StorageDocument {
  id: string;
  createdAt: Date;
  /** Hexadecimal. */
  sha256: string;
  sizeBytes: number;
  contentType: string | null;
}

const documentSchema = z.object({
  _id: z.string().regex(/^[\w-]{1,100}$/),
  /** Milliseconds, with a fraction. */
  _creationTime: z.number().min(0).max(8.64e15),
  sha256: z.string(),
  // Numbers of 64 bits travel as text.
  size: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  contentType: z.string().nullish(),
});

/** @throws Error naming the line that is not what Convex writes */
export async function* readDocuments(stream: Readable): AsyncGenerator<StorageDocument> {
  let failure: Error | null = null;
  // A reader of lines ends quietly when its source fails.
  stream.once("error", (error) => {
    failure = error;
  });
  let number = 0;
  for await (const line of createInterface({
    input: stream,
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    if (line.trim()) yield readDocument(line, number);
  }
  if (failure) throw unreadable(failure);
}

function readDocument(line: string, number: number): StorageDocument {
  const parsed = documentSchema.safeParse(parse(line));
  const sha256 = parsed.success ? readSha256(parsed.data.sha256) : null;
  if (!parsed.success || !sha256) {
    throw new Error(`line ${number} of _storage/documents.jsonl is not a document of file storage`);
  }
  const { _id, _creationTime, size, contentType } = parsed.data;
  return {
    id: _id,
    createdAt: new Date(_creationTime),
    sha256,
    sizeBytes: size,
    contentType: contentType?.trim() || null,
  };
}

function parse(line: string): unknown {
  try {
    // A mark of byte order stands before the first line where a packer or an editor set one; `trim` takes it away, too.
    return JSON.parse(line.trim());
  } catch {
    return null;
  }
}

/** Hexadecimal in older exports, base64 in newer ones, in either of its alphabets. */
export function readSha256(text: string): string | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return text.toLowerCase();
  if (!/^[\w+/-]{43}=?$/.test(text)) return null;
  return Buffer.from(text, "base64").toString("hex");
}
