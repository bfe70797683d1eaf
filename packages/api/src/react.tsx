"use client";

export {
  FermataProvider,
  type FermataProviderProps,
  useFermata,
} from "./react/fermata-provider";
export { FileDropzone, type FileDropzoneProps } from "./react/file-dropzone";
export type { FileDropzoneState, RejectedFile } from "./react/file-dropzone-state";
export { useTRPC } from "./react/trpc-context";
export { useActiveSpeaker } from "./react/use-active-speaker";
export { type PeerRoomHook, type PeerRoomHookOptions, usePeerRoom } from "./react/use-peer-room";
export { type PresenceHook, usePresence } from "./react/use-presence";
export {
  type UploadHook,
  type UploadMediaHook,
  useUploadFile,
  useUploadMedia,
} from "./react/use-upload";
export { type UploadQueueHook, useUploadQueue } from "./react/use-upload-queue";
