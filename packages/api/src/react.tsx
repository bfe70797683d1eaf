"use client";

export { FileImage, type FileImageProps } from "./components/file-image";
export { MediaImage, type MediaImageProps } from "./components/media-image";
export { MediaVideo, type MediaVideoProps } from "./components/media-video";
export { PeerVideo, type PeerVideoProps } from "./components/peer-video";
export { UploadButton, type UploadButtonProps } from "./components/upload-button";
export { UploadDropzone, type UploadDropzoneProps } from "./components/upload-dropzone";
export { UploadQueue, type UploadQueueProps } from "./components/upload-queue";
export { englishWords, type UploadWords } from "./components/upload-words";
export { describeDropzone } from "./react/describe-dropzone";
export {
  FermataProvider,
  type FermataProviderProps,
  useFermata,
} from "./react/fermata-provider";
export { FileDropzone, type FileDropzoneProps } from "./react/file-dropzone";
export type { FileDropzoneState, RejectedFile } from "./react/file-dropzone-state";
export { useTRPC } from "./react/trpc-context";
export { useActiveSpeaker } from "./react/use-active-speaker";
export {
  type FileUrlHook,
  type FileUrlOptions,
  useFileMetadata,
  useFileUrl,
} from "./react/use-file";
export { type MediaHook, type MediaSource, useMedia } from "./react/use-media";
export { type PeerRoomHook, type PeerRoomHookOptions, usePeerRoom } from "./react/use-peer-room";
export { type PresenceHook, usePresence } from "./react/use-presence";
export {
  type UploadHook,
  type UploadMediaHook,
  useUploadFile,
  useUploadMedia,
} from "./react/use-upload";
export { type UploadQueueHook, useSharedQueue, useUploadQueue } from "./react/use-upload-queue";
