/** Small private files. */

export { uploadFile } from "./file-uploads";
export { openFile } from "./local-file";
export type { FileMetadata } from "./procedures";
export type { UploadProgress } from "./progress-meter";
export type { UploadedFile, UploadFileOptions } from "./upload-file";
