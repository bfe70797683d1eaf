import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { AppError } from "../../../ground/errors";
import { BatchWriter } from "./batch-writer";

export interface PartBounds {
  /** More is PAYLOAD_TOO_LARGE. */
  maxBytes: number;
  algorithm: "md5" | "sha256";
  /** Hex; other bytes are CHECKSUM_MISMATCH. */
  expected?: string;
}

/** Written by one call, while as many arrive. */
const batchBytes = 512 * 1024;

/** Writes a new file through to the disk, with one checksum on the way, in hex. */
export async function writePartFile(
  path: string,
  body: AsyncIterable<Uint8Array>,
  { maxBytes, algorithm, expected }: PartBounds,
): Promise<{ sizeBytes: number; checksum: string }> {
  const file = await open(path, "wx");
  const writer = new BatchWriter(file, batchBytes);
  const hash = createHash(algorithm);
  let sizeBytes = 0;
  try {
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
  } finally {
    // Nothing may write to a file that is closed.
    await writer.settled();
    await file.close();
  }
}
