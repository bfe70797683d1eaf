import { createHash, type Hash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { AppError } from "../../../ground/errors";
import { BatchWriter } from "./batch-writer";

export interface PartBounds {
  /** More is PAYLOAD_TOO_LARGE. */
  maxBytes: number;
  algorithm: "md5" | "sha256";
  /** Hex; other bytes are CHECKSUM_MISMATCH. */
  expected?: string;
}

export interface PartName {
  partNumber: number;
  /** Hex: of a part that is here its own, of what is kept what it is known by. */
  checksum: string;
}

/** The checksum is in the name: a completion that names another than the last is refused. */
export function partFile({ partNumber, checksum }: PartName): string {
  return `part-${partNumber}-${checksum}`;
}

/** Written by one call, while as many arrive. */
const batchBytes = 512 * 1024;

/**
 * Writes a file through to the disk, with one checksum on the way, in hex. A body that ends early leaves what came of it on
 * the disk, too.
 * @param heldBytes what the file holds already, of the same part; none: it is made
 */
export async function writePartFile(
  path: string,
  body: AsyncIterable<Uint8Array>,
  { maxBytes, algorithm, expected }: PartBounds,
  heldBytes = 0,
): Promise<{ sizeBytes: number; checksum: string }> {
  const file = await open(path, heldBytes > 0 ? "a+" : "wx");
  const writer = new BatchWriter(file, batchBytes);
  const hash = createHash(algorithm);
  let sizeBytes = heldBytes;
  try {
    await hashFirst(file, heldBytes, hash);
    for await (const chunk of body) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw new AppError("PAYLOAD_TOO_LARGE", { limitBytes: maxBytes });
      hash.update(chunk);
      await writer.add(chunk);
    }
    await writer.end();
    const checksum = hash.digest("hex");
    if (expected !== undefined && checksum !== expected) {
      throw new AppError("CHECKSUM_MISMATCH", { algorithm });
    }
    await file.sync();
    return { sizeBytes, checksum };
  } catch (error) {
    if (endedEarly(error)) {
      await writer.end();
      await file.sync();
    }
    throw error;
  } finally {
    // Nothing may write to a file that is closed.
    await writer.settled();
    await file.close();
  }
}

/** Whether a body broke off: what came of it is as it was sent. */
export function endedEarly(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "UPLOAD_INCOMPLETE";
}

async function hashFirst(file: FileHandle, bytes: number, hash: Hash): Promise<void> {
  const memory = Buffer.allocUnsafe(Math.min(bytes, batchBytes));
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await file.read(memory, 0, Math.min(memory.length, bytes - at), at);
    if (bytesRead === 0) throw new Error("a part is shorter than it was");
    hash.update(memory.subarray(0, bytesRead));
    at += bytesRead;
  }
}
