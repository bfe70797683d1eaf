export type { DetailsByCode, DetailsOf, ErrorCode, ErrorDetails } from "@fermata/contract";
export {
  type ClientErrorCode,
  FermataError,
  type FermataErrorCode,
  toFermataError,
} from "./api-error";
export type { FermataCore, FermataOptions } from "./create-core";
export { createFermata, type Fermata } from "./create-fermata";
export type { TokenSource } from "./links";
export { openFile } from "./open-file";
export { createPauseControl, type PauseControl } from "./pause-control";
export { filePicture, mediaPicture, mediaPoster, type PictureSources } from "./picture-sources";
export { placeholderUrl } from "./placeholder";
export type {
  AppRouter,
  FileMetadata,
  ImportedFile,
  Media,
  UnfinishedUpload,
  User,
} from "./procedures";
export type { PartCounts, UploadProgress } from "./progress-meter";
export type { RetryPolicy } from "./retry";
export * from "./rooms";
export type { UploadedFile, UploadFileOptions } from "./upload-file";
export type { MediaUploadState, UploadMediaOptions } from "./upload-options";
export {
  createUploadQueue,
  type UploadedItem,
  type UploadItem,
  type UploadQueue,
  type UploadQueueOptions,
  type UploadQueueSnapshot,
  type UploadTarget,
} from "./upload-queue";
export { addVideoPoster, makeVideoPoster, type VideoPosterOptions } from "./video-poster";
export { type FileDropHandlers, watchFileDrops } from "./watch-file-drops";
