import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
} from "@aws-sdk/client-s3";
import { AppError } from "../../../ground/errors";
import { type createSender, isRefusal } from "./sender";

type Send = ReturnType<typeof createSender>;

interface OpenUpload {
  Bucket: string;
  Key: string;
  UploadId: string | undefined;
}

/**
 * Makes one object of its parts.
 * @returns its ETag
 * @throws AppError NOT_FOUND, beside what `send` throws
 */
export async function completeParts(
  send: Send,
  upload: OpenUpload,
  Parts: CompletedPart[],
  seconds: number,
): Promise<string> {
  const command = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
  const { ETag } = await send(command, seconds).catch(async (error: unknown) => {
    const isGone = error instanceof AppError && (await isNoMore(send, upload));
    throw isGone ? new AppError("NOT_FOUND", { reason: "no such upload" }) : error;
  });
  if (ETag) return ETag;
  // Ceph 16 leaves it empty.
  const { Bucket, Key } = upload;
  const whole = await send(new HeadObjectCommand({ Bucket, Key }));
  return whole.ETag ?? "";
}

/** Ceph 16 says 500 of an upload that is no more, and the truth of its parts. */
async function isNoMore(send: Send, upload: OpenUpload): Promise<boolean> {
  try {
    await send(new ListPartsCommand({ ...upload, MaxParts: 1 }));
    return false;
  } catch (error) {
    return isRefusal(error, 404);
  }
}
