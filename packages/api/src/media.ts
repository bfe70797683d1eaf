/** Heavy media, queues of uploads, and posters of films. */

export { openFile } from "./local-file";
export { prepareMedia, uploadMedia } from "./media-uploads";
export { createPauseControl, type PauseControl } from "./pause-control";
export type { Media, UnfinishedUpload } from "./procedures";
export type { PartCounts, UploadProgress } from "./progress-meter";
export type { MediaUploadState, UploadMediaOptions } from "./upload-options";
export {
  createUploadQueue,
  type UploadItem,
  type UploadQueue,
  type UploadQueueOptions,
  type UploadQueueSnapshot,
  type UploadTarget,
} from "./upload-queue";
export { addVideoPoster, makeVideoPoster, type VideoPosterOptions } from "./video-poster";
