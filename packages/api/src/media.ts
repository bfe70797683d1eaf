/** Heavy media, queues of uploads, and posters of films. */
export type { Media, UnfinishedUpload } from "@fermata/contract";
export { openFile } from "./local-file";
export { prepareMedia, uploadMedia } from "./media-uploads";
export type { PartCounts, UploadProgress } from "./progress-meter";
export type { MediaUploadState, UploadMediaOptions } from "./upload-options";
export { createPauseControl, type PauseControl } from "./upload-pause";
export {
  createUploadQueue,
  type UploadItem,
  type UploadQueue,
  type UploadQueueOptions,
  type UploadQueueSnapshot,
  type UploadTarget,
} from "./upload-queue";
export { addVideoPoster, makeVideoPoster, type VideoPosterOptions } from "./video-poster";
