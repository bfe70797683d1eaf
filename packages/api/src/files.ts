/** Small private files. */
export type { FileMetadata } from "@fermata/contract";
export { uploadFile } from "./file-uploads";
export { openFile } from "./local-file";
export type { UploadProgress } from "./progress-meter";
export type { UploadedFile, UploadFileOptions } from "./upload-file";
