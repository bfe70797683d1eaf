import type { FileDropzoneState } from "./file-dropzone-state";

/** What a screen reader is told of a drop zone: failures first, progress in quarters, then what arrived. */
export function describeDropzone({
  items,
  rejected,
  isUploading,
  progress,
}: Pick<FileDropzoneState, "items" | "rejected" | "isUploading" | "progress">): string {
  const failed = items.filter(({ status }) => status === "failed");
  const done = items.filter(({ status }) => status === "done");
  const sentences = [
    ...rejected.map(({ filename, error }) => `${filename} was not taken. ${error.message}`),
    ...failed.map(({ filename, error }) => `${filename} failed. ${error?.message ?? ""}`.trim()),
  ];
  if (isUploading) sentences.push(`Uploading, ${Math.floor((progress ?? 0) * 4) * 25}%.`);
  else if (done.length === 1) sentences.push(`${done[0]?.filename} is uploaded.`);
  else if (done.length > 1) sentences.push(`${done.length} files are uploaded.`);
  return sentences.join(" ");
}
