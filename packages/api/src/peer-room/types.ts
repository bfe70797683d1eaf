import type { FermataError } from "../api-error";
import type { FermataCore } from "../create-core";
import type { Store } from "../store";

/** Where this page stands in the room. */
export type RoomStatus =
  /** Not asked to join yet. */
  | "idle"
  | "joining"
  | "joined"
  /** The server cannot be reached, or takes nothing; calls that stand go on, and the room comes back by itself. */
  | "reconnecting"
  | "left"
  /**
   * The room's owner put this participant out; or, where `error.details.signedOut` says so, the sign-in ended that took the
   * seat.
   */
  | "kicked"
  /** Somebody, most likely another tab of the same person, came back to this seat. */
  | "replaced"
  | "closed"
  /** Every seat is taken. The room waits for one and joins by itself, until `leave`. */
  | "full"
  /** There is no such room, or the invite is not valid. */
  | "refused"
  /** The seat was given away while this page was gone. */
  | "seat-lost";

/** How messages come: as a stream, or asked for again and again where streams are cut. */
export type SignalingPath = "stream" | "polling" | "offline";

export type PeerState = "connecting" | "connected" | "reconnecting" | "failed" | "left";

/** What is being done about a connection that broke. */
export type RecoveryStep =
  /** A short interruption mostly heals by itself. */
  | "waiting"
  | "network-changed"
  /** An ICE restart: new paths for the same connection. */
  | "restarting"
  /** A new connection, with fresh relay credentials. */
  | "rebuilding";

export type FailureCode =
  /** This device does not reach the server either. */
  | "offline"
  /** The networks allow no direct path, and the server has no relay to offer. */
  | "no-relay-configured"
  /** The relay does not accept the credentials. */
  | "relay-refused"
  /** The relay does not answer. */
  | "relay-unreachable"
  /** The other side did not answer the offer: its page is gone or its network is. */
  | "no-answer"
  /** The server, or the other side, did not take the offer of a connection. */
  | "offer-refused"
  | "unreachable";

export interface PeerFailure {
  code: FailureCode;
  /** For people: what happened, and what stands in the way. */
  message: string;
}

/** What stands in the way of a change, while the connection goes on without it. It is tried again by itself. */
export interface PeerNotice {
  /** `change-unanswered`: by the other side's page, or by the server that is to pass it on. */
  code: "change-refused" | "change-unanswered";
  /** For people. */
  message: string;
}

export type LeaveReason = "left" | "kicked" | "timeout";

export interface PeerStats {
  /** Whether the media go through a relay on either side. */
  route: "direct" | "relayed";
  rttMs: number | null;
  /** How unevenly sound comes in; null when none does. */
  jitterMs: number | null;
  /**
   * How late sound is heard, over about the last five seconds: half the way there and back, and what this side waits so
   * that uneven sound plays evenly. The devices' own time comes on top. Null when no sound comes in.
   */
  latencyMs: number | null;
  /** What comes in, over about the last five seconds. */
  bitrateKbps: number;
  /** From 0 to 1, of the packets that should have come in over about the last five seconds; null when none did. */
  packetLoss: number | null;
}

/** Another participant, as it is now. Every change makes a new object. */
export interface RemotePeer {
  peerId: string;
  displayName: string;
  /** ISO 8601, UTC. */
  joinedAt: string;
  state: PeerState;
  /** Since when, in milliseconds of `Date.now()`. */
  stateSince: number;
  /** Set while `reconnecting`. */
  step: RecoveryStep | null;
  /** Set while `failed`. The connection is still tried now and then; `retry` does it at once. */
  failure: PeerFailure | null;
  /** Set while connected, when the other side does not have a change of this side's yet. */
  notice: PeerNotice | null;
  /** Set once `left`. */
  leaveReason: LeaveReason | null;
  /** The same object as long as the peer is here: its tracks change, also over reconnects. */
  stream: MediaStream;
  /** Renewed every two seconds while connected. */
  stats: PeerStats | null;
}

export interface PeerRoomSnapshot {
  status: RoomStatus;
  /** Why the room cannot be joined, or what keeps it from coming back. */
  error: FermataError | null;
  signaling: SignalingPath;
  /** This participant, once joined. */
  peerId: string | null;
  /** In the order of joining. Who left stays, as `left`, until somebody else joins. */
  peers: readonly RemotePeer[];
  /** Where relays come from; null before it is known. */
  relayProvider: "cloudflare" | "coturn" | "static" | "stun-only" | null;
  /** While `full`: when the next try to get a seat is made by itself, in milliseconds of `Date.now()`. */
  nextTryAt: number | null;
  localStream: MediaStream | null;
}

export interface RoomAppMessage {
  from: string;
  /** The one it was meant for, or null for everybody. */
  to: string | null;
  kind: string;
  payload: unknown;
  /** ISO 8601, UTC, by the server's clock. */
  sentAt: string;
}

export interface PeerRoomEvents {
  status: { status: RoomStatus; previous: RoomStatus; error: FermataError | null };
  /** Not for those who were here before this page. */
  peerJoined: RemotePeer;
  /** Also when a peer that was here comes back with a new page: its connection is built again. */
  peerReturned: RemotePeer;
  peerLeft: RemotePeer;
  peerState: { peer: RemotePeer; previous: PeerState };
  /** An app message, once each and in order, over any number of interruptions shorter than an hour. */
  message: RoomAppMessage;
  /** A local track ended by itself and is sent no more: its device was pulled out, permission taken away, sharing stopped. */
  localTrackEnded: { track: MediaStreamTrack };
  /** Messages were lost: this page was gone for longer than the server keeps them. */
  missed: { resumedAt: string };
}

export interface ChannelOptions {
  /** Left out: true. Late data blocks what follows it. */
  ordered?: boolean;
  /** How often lost data are sent again, from 0 to 65,535; left out, until they arrive. */
  maxRetransmits?: number;
}

export type ChannelData = string | ArrayBuffer | ArrayBufferView<ArrayBuffer>;

export interface ChannelEvents {
  /** Binary data come as ArrayBuffer. `json` reads a text. @throws FermataError INVALID_INPUT when it is none */
  message: { from: string; data: string | ArrayBuffer; json(): unknown };
  /** From here on `send` reaches this peer. */
  open: { peerId: string };
  close: { peerId: string };
  /**
   * This peer did not get what was sent: code `CHANNEL_FULL`. The others did. With any other code its channel could not be
   * opened, and is tried again with its next connection.
   */
  error: { peerId: string; error: FermataError };
}

/** Data straight from page to page, to every connected peer. Ask for it on both sides: what comes in for a name nobody here asked for is dropped. */
export interface RoomChannel {
  readonly name: string;
  /** Those whom `send` reaches now. */
  openPeers(): string[];
  /**
   * Sends at most 64 KiB to everyone whose channel is open, or to one. What is sent while no channel is open is dropped, never sent late.
   * A peer whose line is too far behind does not get it; `error` tells.
   * @returns how many peers it was sent to
   * @throws FermataError PAYLOAD_TOO_LARGE above 64 KiB, INVALID_INPUT for what is no text and no bytes
   */
  send(data: ChannelData, options?: { to?: string }): number;
  /**
   * `send` of a value as JSON, for `json` on the other side.
   * @throws FermataError PAYLOAD_TOO_LARGE above 64 KiB, INVALID_INPUT for what has no JSON: a circle, a BigInt
   */
  sendJson(value: unknown, options?: { to?: string }): number;
  /** The most that waits to go out to any peer. */
  bufferedBytes(): number;
  /** Resolves when little (256 KiB) waits to go out to anybody, or to one: the time to send more of much. */
  drained(options?: { to?: string }): Promise<void>;
  on<Type extends keyof ChannelEvents>(
    type: Type,
    listener: (event: ChannelEvents[Type]) => void,
  ): () => void;
  close(): void;
}

/** What survives a reload, so that the page comes back to its seat. */
export interface RoomSession {
  peerId: string;
  resumeToken: string;
  cursor: string;
  /** What was heard last from each peer, so that nothing is heard twice. */
  seen: Record<string, [page: string, number: number]>;
}

/** Where the session is kept between page loads. */
export interface RoomSessionStore {
  load(): RoomSession | null;
  save(session: RoomSession): void;
  clear(): void;
}

/** What the room uses of WebRTC; a browser's own unless given. */
export interface RtcImplementation {
  RTCPeerConnection: typeof RTCPeerConnection;
  MediaStream: typeof MediaStream;
}

/** Speech saves bandwidth; music is stereo at up to 256 kbit/s. The microphone's own processing is set where it is opened. */
export type AudioProfile = "speech" | "music";

export interface PeerRoomOptions {
  client: FermataCore;
  roomId: string;
  /** For whoever is not the room's owner. */
  inviteToken?: string;
  displayName: string;
  localStream?: MediaStream | null;
  /** Left out: "speech". */
  audioProfile?: AudioProfile;
  /**
   * Left out, true: a call begins with the camera's newest picture, and not with the second one that the camera gives
   * after it; in Chromium. Until then, for a tenth of a second, the sender's track is not the camera's, and for half a second
   * the picture is half as wide and half as high.
   */
  sendPictureAhead?: boolean;
  /** "relay" hides addresses and proves that the relay works; left out, "all". */
  iceTransportPolicy?: RTCIceTransportPolicy;
  /** How long a first connection may take before it counts as failed; left out, 15. */
  connectTimeoutSeconds?: number;
  /** How long a broken connection may take to come back before it counts as failed; left out, 60. */
  reconnectTimeoutSeconds?: number;
  /**
   * Left out: this tab's sessionStorage where there is one, and beside it localStorage, from which a new tab takes the
   * seat of one that crashed. `null` keeps nothing: a reload is a new participant.
   */
  session?: RoomSessionStore | null;
  /** Give the seat up for good when the page goes. Left out, false: it stays this browser's until somebody else needs it. */
  leaveOnPageHide?: boolean;
  rtc?: RtcImplementation;
}

/** One seat in a room, with a connection to every other seat. */
export interface PeerRoom extends Store<PeerRoomSnapshot> {
  /**
   * For a lobby: does before the click what can be done before it, so that a call begins sooner. Opens connections to the
   * server, gets relay credentials, makes an offer and looks for paths. Nobody sees it, no seat is taken. Resolves when what
   * could be prepared is, and never rejects; what was not is done by `join`.
   */
  prepare(): Promise<void>;
  /**
   * Takes the seat, or comes back to it. Keeps trying while the server cannot be reached.
   * Called again after an end (`full`, `seat-lost`, `replaced`, `left`, …), it tries anew.
   * @param options with `displayName`, in the place of the room's own: what was typed in the lobby
   * @throws FermataError when the room refuses. After ROOM_FULL it goes on to wait for a seat by itself: see `nextTryAt`
   */
  join(options?: { displayName?: string }): Promise<void>;
  /** Gives the seat up and closes every connection. Resolves when the server knows, or cannot be told. */
  leave(): Promise<void>;
  /** @returns the function that ends the listening */
  on<Type extends keyof PeerRoomEvents>(
    type: Type,
    listener: (event: PeerRoomEvents[Type]) => void,
  ): () => void;
  /**
   * Sends an app message through the server, to everybody or to one peer, in the order of the calls; kept for those
   * who are away for a moment. At most 30 KiB of JSON. `offer`, `answer`, `candidates` and `bye` are the room's own kinds.
   * @throws FermataError when the server refuses it, or the room ends first; INVALID_INPUT for what has no JSON: a circle, a BigInt
   */
  send(kind: string, payload: unknown, options?: { to?: string }): Promise<void>;
  /**
   * The channel of that name, made at the first call; it outlives reconnects.
   * @throws FermataError INVALID_INPUT for a name above 65,535 bytes or with half a character, and for options out of their bounds
   */
  channel(name: string, options?: ChannelOptions): RoomChannel;
  /** What all peers see and hear from here on. Tracks of the same kind are swapped without a new negotiation. */
  setLocalStream(stream: MediaStream | null): void;
  /** Swaps one track in the local stream, for another camera, say; null ends the sending of that track. */
  replaceTrack(previous: MediaStreamTrack, next: MediaStreamTrack | null): void;
  setAudioProfile(profile: AudioProfile): void;
  /** The figures of now, of one peer or of the first connected one; null when not connected. */
  stats(peerId?: string): Promise<PeerStats | null>;
  /** How loud a peer is now, from 0 to 1; null when nothing is heard of it. Cheap enough to ask ten times a second. */
  audioLevel(peerId: string): number | null;
  /** Builds connections again at once that are not there: of one peer, or of all. */
  retry(peerId?: string): void;
}
