"use client";

import { filePicture } from "../picture-sources";
import type { FileMetadata } from "../procedures";
import { useFileMetadata, useFileUrl } from "../react/use-file";
import { Picture, type PictureProps } from "./picture";

export interface FileImageProps extends PictureProps {
  /** Of one's own file. */
  storageId: string;
  /** What is known of it, where it is at hand: then only the address is asked for. */
  file?: Pick<FileMetadata, "contentType" | "image">;
}

/** A stored picture in the smallest copy that does, over its blurred placeholder. */
export function FileImage({ storageId, file, ...props }: FileImageProps) {
  const { url, status, refresh } = useFileUrl(storageId);
  const found = useFileMetadata(file ? null : storageId);
  return (
    <Picture
      data-fermata="file-image"
      {...props}
      picture={filePicture(url, file ?? found)}
      isPending={status === "pending"}
      onBroken={refresh}
    />
  );
}
