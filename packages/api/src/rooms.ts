/** Calls and messages from page to page. */
export { type ActiveSpeakerOptions, createActiveSpeaker } from "./peer-room/active-speaker";
export { createPeerRoom } from "./peer-room/create-peer-room";
export {
  createPresence,
  type Presence,
  type PresenceOptions,
  type PresenceSnapshot,
} from "./peer-room/presence";
export type {
  AudioProfile,
  ChannelData,
  ChannelEvents,
  ChannelOptions,
  FailureCode,
  LeaveReason,
  PeerFailure,
  PeerRoom,
  PeerRoomEvents,
  PeerRoomOptions,
  PeerRoomSnapshot,
  PeerState,
  PeerStats,
  RecoveryStep,
  RemotePeer,
  RoomAppMessage,
  RoomChannel,
  RoomSession,
  RoomSessionStore,
  RoomStatus,
  RtcImplementation,
  SignalingPath,
} from "./peer-room/types";
