import type { IceCredentials } from "./ice-credentials";
import type { LocalMedia } from "./local-media";
import type { PreparedOffer } from "./prepared-offer";
import type { RoomChannels } from "./room-channels";
import type { SignalBody, SignalKind } from "./signal";
import type { PeerState, RemotePeer, RtcImplementation } from "./types";

/** What the connections of one room share. */
export interface LinkEnvironment {
  rtc: RtcImplementation;
  ice: IceCredentials;
  media: LocalMedia;
  channels: RoomChannels;
  iceTransportPolicy: RTCIceTransportPolicy;
  connectTimeoutMs: number;
  reconnectTimeoutMs: number;
  isOnline(): boolean;
  /** A connection that this page made for an offer which nobody was there to get. */
  takeSpare(): PreparedOffer | null;
  /** @returns when the server has it; rejects when it refuses */
  send(to: string, kind: SignalKind, body: SignalBody): Promise<void>;
  /** Of the peer's view; `previous` is given when its state changed. */
  onChange(peer: RemotePeer, previous: PeerState | null): void;
}
