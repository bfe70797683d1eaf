import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  type HeadObjectCommandOutput,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from "@aws-sdk/client-s3";
import { limits } from "@fermata/contract";
import { applyPatches, type BytePatch, patchesTouch } from "../../../bytes/byte-patches";
import { AppError } from "../../../ground/errors";
import { completeParts } from "./complete-parts";
import type { createSender } from "./sender";
import { isRefusal } from "./sender";

type Send = ReturnType<typeof createSender>;
type At = { Bucket: string; Key: string };

const mib = 1024 * 1024;
/** Up to this size the bytes pass through this process in one piece; above it, only the parts that are patched do. */
const wholeBytes = 8 * mib;
const partBytes = 8 * mib;
const atOnce = 4;
const partSeconds = 120;

/** Copies an object within the store, and sends what is patched from here. @returns its ETag */
export async function copyPatched(
  send: Send,
  from: At,
  to: At,
  source: HeadObjectCommandOutput,
  patches: BytePatch[],
  cached: { CacheControl?: string },
): Promise<string> {
  const sizeBytes = source.ContentLength ?? 0;
  const facts = {
    ContentType: source.ContentType,
    ContentDisposition: source.ContentDisposition,
    Metadata: source.Metadata,
    ...cached,
  };
  if (sizeBytes <= wholeBytes) {
    const Body = await readPatched(0, sizeBytes);
    const { ETag = "" } = await send(
      new PutObjectCommand({ ...to, ...facts, Body, ContentLength: sizeBytes }),
      partSeconds,
    );
    return ETag;
  }

  const { UploadId } = await send(new CreateMultipartUploadCommand({ ...to, ...facts }));
  const size = Math.max(partBytes, Math.ceil(sizeBytes / limits.storage.maxParts / mib) * mib);
  const numbers = Array.from({ length: Math.ceil(sizeBytes / size) }, (_, index) => index + 1);
  const Parts = numbers.map((PartNumber) => ({ PartNumber, ETag: "" }));
  try {
    const worker = async () => {
      for (let number = numbers.shift(); number; number = numbers.shift()) {
        const part = Parts[number - 1];
        if (part) part.ETag = await sendPart(number);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
    return await completeParts(send, { ...to, UploadId }, Parts, partSeconds);
  } catch (error) {
    await send(new AbortMultipartUploadCommand({ ...to, UploadId }));
    throw error;
  }

  async function sendPart(PartNumber: number): Promise<string> {
    const start = (PartNumber - 1) * size;
    const end = Math.min(start + size, sizeBytes);
    const place = { ...to, UploadId, PartNumber };
    if (!patchesTouch(patches, start, end)) {
      try {
        const copied = await send(
          new UploadPartCopyCommand({
            ...place,
            CopySource: `${from.Bucket}/${from.Key}`,
            CopySourceRange: `bytes=${start}-${end - 1}`,
          }),
          partSeconds,
        );
        if (copied.CopyPartResult?.ETag) return copied.CopyPartResult.ETag;
      } catch (error) {
        if (!isLacking(error)) throw error;
      }
    }
    const Body = await readPatched(start, end);
    const sent = await send(
      new UploadPartCommand({ ...place, Body, ContentLength: end - start }),
      partSeconds,
    );
    return sent.ETag ?? "";
  }

  async function readPatched(start: number, end: number): Promise<Uint8Array> {
    if (end === start) return new Uint8Array();
    const found = await send(
      new GetObjectCommand({ ...from, Range: `bytes=${start}-${end - 1}`, IfMatch: source.ETag }),
      partSeconds,
    );
    const bytes = await found.Body?.transformToByteArray();
    if (bytes?.length !== end - start)
      throw new AppError("UPSTREAM_UNAVAILABLE", { service: "object store" });
    applyPatches(bytes, start, patches);
    return bytes;
  }
}

/** A store that copies no parts gets them from here. */
function isLacking(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  return isRefusal(cause, 501) || isRefusal(cause, 400) || isRefusal(cause, 405);
}
