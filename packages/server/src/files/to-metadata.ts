import type { FileMetadata } from "@fermata/contract";
import type { FileModel } from "../generated/prisma/models/File";

/** A ready file as clients see it. */
export function toMetadata(
  file: FileModel,
  attachedTo: FileMetadata["attachedTo"] | undefined,
): FileMetadata {
  return {
    storageId: file.id,
    filename: file.filename,
    // Both are set when a file becomes ready.
    contentType: file.contentType ?? "application/octet-stream",
    sha256: file.sha256 ?? "",
    sizeBytes: file.sizeBytes,
    createdAt: file.createdAt.toISOString(),
    ...(attachedTo && { attachedTo }),
  };
}
