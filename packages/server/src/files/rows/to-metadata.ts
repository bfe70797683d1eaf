import type { FileMetadata } from "@fermata/contract";
import { normalizeType, unknownType } from "../../bytes/content-types";
import type { FileModel } from "../../generated/prisma/models/File";

/** A ready file as clients see it. */
export function toMetadata(
  file: FileModel,
  attachedTo: FileMetadata["attachedTo"] | undefined,
): FileMetadata {
  return {
    storageId: file.id,
    filename: file.filename,
    // Both are set when a file becomes ready.
    contentType: normalizeType(file.contentType ?? unknownType),
    sha256: file.sha256 ?? "",
    sizeBytes: file.sizeBytes,
    createdAt: file.createdAt.toISOString(),
    ...(attachedTo && { attachedTo }),
    ...imageOf(file),
  };
}

/** The four are set together, where the file is an image that can be decoded. */
function imageOf({
  width,
  height,
  orientation,
  thumbHash,
}: FileModel): Pick<FileMetadata, "image"> {
  if (width === null || height === null || orientation === null || thumbHash === null) return {};
  return { image: { width, height, orientation, thumbHash } };
}
