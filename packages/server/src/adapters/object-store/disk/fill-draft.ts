import { createHash, randomBytes } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { AppError } from "../../../ground/errors";
import type { PartChecksum } from "../../../ports/object-store";
import { BatchWriter } from "./batch-writer";

export interface WrittenFile {
  sizeBytes: number;
  checksum: Buffer;
}

export interface WriteBounds {
  /** More is PAYLOAD_TOO_LARGE. */
  maxBytes?: number;
  /** Base64; other bytes are CHECKSUM_MISMATCH. The empty string wants none, and null does not even have it computed. */
  md5?: string | null;
  /** In place of an MD5, where nothing is compared. */
  algorithm?: PartChecksum;
  /** After so many bytes at a time the disk begins to take them, while the next ones arrive. */
  earlyBytes?: number;
}

/**
 * Fills an open file, which `flush` must force to the disk and close: other work can be done meanwhile. Closed it is on
 * failure, too.
 * @param ending what is to stand behind the body
 */
export async function fillDraft(
  file: FileHandle,
  body: AsyncIterable<Uint8Array>,
  {
    maxBytes = Number.POSITIVE_INFINITY,
    md5: expectedMd5 = "",
    algorithm = "md5",
    earlyBytes = Number.POSITIVE_INFINITY,
  }: WriteBounds = {},
  ending?: (written: WrittenFile) => Uint8Array,
): Promise<WrittenFile & { flush(): Promise<void> }> {
  const hash = expectedMd5 === null ? null : createHash(algorithm);
  const writer = new BatchWriter(file);
  let checksum: Buffer;
  let sizeBytes = 0;
  let early: Promise<void> = Promise.resolve();
  let earlyAtBytes = earlyBytes;
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) throw new AppError("PAYLOAD_TOO_LARGE", { limitBytes: maxBytes });
      hash?.update(chunk);
      await writer.add(chunk);
      if (sizeBytes < earlyAtBytes) continue;
      earlyAtBytes = sizeBytes + earlyBytes;
      early = early.then(() => file.datasync());
      // Whoever flushes hears of a failure; it must not count as unheard until then.
      early.catch(() => {});
    }
    // Whoever wants none has something else that tells versions apart.
    checksum = hash?.digest() ?? randomBytes(16);
    if (expectedMd5 && checksum.toString("base64") !== expectedMd5) {
      throw new AppError("CHECKSUM_MISMATCH", { algorithm: "md5" });
    }
    if (ending) await writer.add(ending({ sizeBytes, checksum }));
    await writer.end();
  } catch (error) {
    await writer.settled();
    await file.close();
    throw error;
  }
  const flush = () => early.then(() => file.sync()).finally(() => file.close());
  return { sizeBytes, checksum, flush };
}
