import {
  createFermata,
  createPeerRoom,
  type PeerRoom,
  type PeerRoomOptions,
  type RoomChannel,
} from "@fermata/api";

/** What a test hands to a page. */
export interface Seating {
  baseUrl: string;
  roomId: string;
  inviteToken: string;
  displayName: string;
  withoutMedia?: boolean;
  options?: Pick<
    PeerRoomOptions,
    "iceTransportPolicy" | "connectTimeoutSeconds" | "leaveOnPageHide"
  >;
}

/** What a page shows to a test, as plain data. */
export interface PeerReport {
  status: string;
  signaling: string;
  peerId: string | null;
  peers: {
    peerId: string;
    displayName: string;
    state: string;
    failure: { code: string; message: string } | null;
    route: string | null;
    tracks: number;
  }[];
  /** Frames of the other side's picture that were shown so far. */
  frames: number;
  messages: unknown[];
  received: string[];
  missed: number;
  states: string[];
}

/** A page with one seat: moving pictures go out, and what comes in is counted. */
export class PeerPage {
  readonly room: PeerRoom;
  readonly keys: RoomChannel;
  readonly #video = document.body.appendChild(document.createElement("video"));
  readonly #messages: unknown[] = [];
  readonly #received: string[] = [];
  readonly #states: string[] = [];
  #missed = 0;

  constructor({ baseUrl, options, withoutMedia, ...seating }: Seating) {
    const localStream = withoutMedia ? null : movingPictures();
    const client = createFermata({ url: baseUrl });
    this.room = createPeerRoom({ client, ...seating, ...options, localStream });
    this.keys = this.room.channel("keys", { ordered: false, maxRetransmits: 0 });
    this.keys.on("message", ({ data }) => this.#received.push(String(data)));
    this.room.on("message", ({ kind, payload }) => this.#messages.push({ kind, payload }));
    this.room.on("missed", () => this.#missed++);
    this.room.on("peerState", ({ peer }) => this.#states.push(peer.state));
    this.room.on("status", ({ status }) => this.#states.push(status));
    this.#video.muted = true;
    this.room.subscribe(() => this.#watch());
    this.room.join().catch(() => {});
  }

  turnCameraOn(): void {
    this.room.setLocalStream(movingPictures());
  }

  /** Sends one picture more than before. */
  addPicture(): void {
    const { localStream } = this.room.getSnapshot();
    const [picture] = movingPictures().getVideoTracks();
    const tracks = [...(localStream?.getTracks() ?? []), picture];
    this.room.setLocalStream(new MediaStream(tracks.filter((track) => track !== undefined)));
  }

  report(): PeerReport {
    const { status, signaling, peerId, peers } = this.room.getSnapshot();
    return {
      status,
      signaling,
      peerId,
      peers: peers.map(({ stream, stats, ...peer }) => ({
        peerId: peer.peerId,
        displayName: peer.displayName,
        state: peer.state,
        failure: peer.failure,
        route: stats?.route ?? null,
        tracks: stream.getTracks().length,
      })),
      frames: this.#video.getVideoPlaybackQuality().totalVideoFrames,
      messages: this.#messages,
      received: this.#received,
      missed: this.#missed,
      states: this.#states,
    };
  }

  #watch(): void {
    const [peer] = this.room.getSnapshot().peers;
    if (!peer || this.#video.srcObject === peer.stream) return;
    this.#video.srcObject = peer.stream;
    void this.#video.play().catch(() => {});
  }
}

function movingPictures(): MediaStream {
  const canvas = document.createElement("canvas");
  canvas.width = 160;
  canvas.height = 120;
  const context = canvas.getContext("2d");
  let hue = 0;
  setInterval(() => {
    if (!context) return;
    hue = (hue + 7) % 360;
    context.fillStyle = `hsl(${hue} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 50);
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const output = audio.createMediaStreamDestination();
  tone.connect(output);
  tone.start();
  const [picture] = canvas.captureStream(20).getTracks();
  const [sound] = output.stream.getTracks();
  return new MediaStream([picture, sound].filter((track) => track !== undefined));
}

declare global {
  interface Window {
    PeerPage: typeof PeerPage;
    page: PeerPage;
  }
}

window.PeerPage = PeerPage;
