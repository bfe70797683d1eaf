import type { UserContext } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import type { PartLayout } from "./part-layout";

interface OpenMultipart {
  uploadId: string;
  sizeBytes: number;
  layout: PartLayout;
}

/**
 * A row's multipart upload, while parts can be added.
 * @throws AppError CONFLICT where it is none, or is over; UPLOAD_EXPIRED
 */
export function openMultipart(ctx: Pick<UserContext, "clock">, media: MediaModel): OpenMultipart {
  const { uploadId, partSizeBytes, partCount, sizeBytes } = media;
  if (media.status !== "pending") throw new AppError("CONFLICT", { status: media.status });
  if (!uploadId || !partSizeBytes || !partCount || !sizeBytes) {
    throw new AppError("CONFLICT", { reason: "not a multipart upload" });
  }
  if (media.expiresAt <= ctx.clock.now()) throw new AppError("UPLOAD_EXPIRED");
  return {
    uploadId,
    sizeBytes: Number(sizeBytes),
    layout: { partSizeBytes: Number(partSizeBytes), partCount },
  };
}

/** @throws AppError INVALID_INPUT for a number that is twice there, or that the upload has no part for */
export function requirePartNumbers(partNumbers: number[], { partCount }: PartLayout): void {
  const seen = new Set<number>();
  for (const partNumber of partNumbers) {
    if (partNumber > partCount || seen.has(partNumber)) {
      throw new AppError("INVALID_INPUT", { partNumber, partCount });
    }
    seen.add(partNumber);
  }
}
