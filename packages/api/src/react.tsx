"use client";

export {
  FermataProvider,
  type FermataProviderProps,
  useFermata,
} from "./react/fermata-provider";
export { useTRPC } from "./react/trpc-context";
export { type PeerRoomHook, usePeerRoom } from "./react/use-peer-room";
export { type UploadHook, useUploadFile, useUploadMedia } from "./react/use-upload";
export { type UploadQueueHook, useUploadQueue } from "./react/use-upload-queue";
