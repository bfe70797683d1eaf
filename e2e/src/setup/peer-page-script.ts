import type {
  createActiveSpeaker,
  PeerRoom,
  PeerRoomOptions,
  Presence,
  RoomChannel,
} from "@fermata/api";
// As one: the client of a release before has less in it, and its page asks for no more.
import * as library from "@fermata/api";
import { type StillCamera, stillCamera } from "./still-camera";

/** What a test hands to a page. */
export interface Seating {
  baseUrl: string;
  roomId: string;
  inviteToken: string;
  displayName: string;
  withoutMedia?: boolean;
  /** Its pictures are as large as a camera's usually are: 640 to 480. */
  withLargePictures?: boolean;
  /** Sends what a camera gives whose clock the test holds. */
  withStillCamera?: boolean;
  /** Prepares, and leaves the joining to the test. */
  inLobby?: boolean;
  options?: Pick<
    PeerRoomOptions,
    "iceTransportPolicy" | "connectTimeoutSeconds" | "leaveOnPageHide" | "sendPictureAhead"
  >;
}

/** What a page shows to a test, as plain data. */
export interface PeerReport {
  status: string;
  signaling: string;
  peerId: string | null;
  nextTryInMs: number | null;
  peers: {
    peerId: string;
    displayName: string;
    state: string;
    failure: { code: string; message: string } | null;
    notice: string | null;
    /** What comes in, by kind. */
    kinds: string;
    route: string | null;
    tracks: number;
  }[];
  /** Frames of the other side's picture that were shown so far. */
  frames: number;
  messages: unknown[];
  received: string[];
  missed: number;
  states: string[];
  /** Local tracks that ended by themselves, by kind. */
  ended: string[];
}

/** A page with one seat: moving pictures go out, and what comes in is counted. */
export class PeerPage {
  readonly room: PeerRoom;
  readonly keys: RoomChannel;
  readonly #video = document.body.appendChild(document.createElement("video"));
  readonly #messages: unknown[] = [];
  readonly #received: string[] = [];
  readonly #states: string[] = [];
  readonly #ended: string[] = [];
  readonly #made: MediaStreamTrack[][] = [];
  #sound: MediaStreamTrack | null = null;
  #presence: Presence<string> | null = null;
  #speaker: ReturnType<typeof createActiveSpeaker> | null = null;
  #missed = 0;
  /** Resolves when the lobby is prepared, or at once. */
  readonly prepared: Promise<void>;

  /** Where the page was asked to have one. */
  readonly camera: StillCamera | null;

  constructor(given: Seating) {
    const {
      baseUrl,
      options,
      withoutMedia,
      withLargePictures,
      withStillCamera,
      inLobby,
      ...seating
    } = given;
    this.camera = withStillCamera ? stillCamera() : null;
    const localStream =
      this.camera?.stream ?? (withoutMedia ? null : movingPictures({ isLarge: withLargePictures }));
    const client = library.createFermata({ url: baseUrl });
    this.room = library.createPeerRoom({ client, ...seating, ...options, localStream });
    this.keys = this.room.channel("keys", { ordered: false, maxRetransmits: 0 });
    this.keys.on("message", ({ data }) => this.#received.push(String(data)));
    this.room.on("message", ({ kind, payload }) => this.#messages.push({ kind, payload }));
    this.room.on("localTrackEnded", ({ track }) => this.#ended.push(track.kind));
    this.room.on("missed", () => this.#missed++);
    this.room.on("peerState", ({ peer }) => this.#states.push(peer.state));
    this.room.on("status", ({ status }) => this.#states.push(status));
    this.#video.muted = true;
    this.room.subscribe(() => this.#watch());
    this.prepared = inLobby ? this.room.prepare() : Promise.resolve();
    if (!inLobby) this.room.join().catch(() => {});
  }

  /** Shows the others a text of this page's, and keeps what they show. */
  showPresence(text: string): void {
    this.#presence ??= library.createPresence<string>(this.room, { initial: text });
    this.#presence.set(text);
    this.#speaker ??= library.createActiveSpeaker(this.room);
    // What nobody plays has no level.
    for (const { stream } of this.room.getSnapshot().peers) {
      const audio = new Audio();
      audio.srcObject = stream;
      audio.volume = 0.01;
      void audio.play().catch(() => {});
    }
  }

  /** Counts how often what is shown changes, from now on. */
  countPresence(): { perSecond(): number } {
    const since = performance.now();
    let count = 0;
    this.#presence?.subscribe(() => count++);
    return { perSecond: () => (count / (performance.now() - since)) * 1_000 };
  }

  /** What the others show, by their names, and who of them speaks. */
  seePresence(): { shown: Record<string, string>; speaker: string | null } {
    const names = new Map(
      this.room.getSnapshot().peers.map(({ peerId, displayName }) => [peerId, displayName]),
    );
    const shown = [...(this.#presence?.getSnapshot().peers ?? [])];
    const speaker = this.#speaker?.getSnapshot() ?? "";
    return {
      shown: Object.fromEntries(shown.map(([peerId, text]) => [names.get(peerId) ?? "", text])),
      speaker: names.get(speaker) ?? null,
    };
  }

  turnCameraOn(): void {
    this.room.setLocalStream(movingPictures());
  }

  /** Sends what devices give that are asked for here, and nothing else. */
  async useDevices(constraints: MediaStreamConstraints): Promise<void> {
    this.room.setLocalStream(await navigator.mediaDevices.getUserMedia(constraints));
  }

  /** Sends a moving picture, a sound, and a second picture in the place of a shared screen: whichever are wanted. */
  sendOnly(wanted: { camera?: boolean; microphone?: boolean; screen?: boolean }): void {
    for (const [picture] of this.#made.splice(0)) picture?.stop();
    const make = (isWanted: boolean | undefined) => {
      if (!isWanted) return [];
      const tracks = movingPictures({ sound: false }).getTracks();
      this.#made.push(tracks);
      return tracks;
    };
    if (wanted.microphone) this.#sound ??= tone();
    const sound = wanted.microphone && this.#sound ? [this.#sound] : [];
    this.room.setLocalStream(
      new MediaStream([...make(wanted.camera), ...make(wanted.screen), ...sound]),
    );
  }

  /** Sends one picture more than before. */
  addPicture(): void {
    const { localStream } = this.room.getSnapshot();
    const [picture] = movingPictures().getVideoTracks();
    const tracks = [...(localStream?.getTracks() ?? []), picture];
    this.room.setLocalStream(new MediaStream(tracks.filter((track) => track !== undefined)));
  }

  report(): PeerReport {
    const { status, signaling, peerId, nextTryAt, peers } = this.room.getSnapshot();
    return {
      status,
      signaling,
      peerId,
      nextTryInMs: nextTryAt && nextTryAt - Date.now(),
      peers: peers.map(({ stream, stats, ...peer }) => ({
        peerId: peer.peerId,
        displayName: peer.displayName,
        state: peer.state,
        failure: peer.failure,
        notice: peer.notice?.code ?? null,
        kinds: stream
          .getTracks()
          .map(({ kind }) => kind)
          .sort()
          .join("+"),
        route: stats?.route ?? null,
        tracks: stream.getTracks().length,
      })),
      frames: this.#video.getVideoPlaybackQuality().totalVideoFrames,
      messages: this.#messages,
      received: this.#received,
      missed: this.#missed,
      states: this.#states,
      ended: this.#ended,
    };
  }

  #watch(): void {
    const [peer] = this.room.getSnapshot().peers;
    if (!peer || this.#video.srcObject === peer.stream) return;
    this.#video.srcObject = peer.stream;
    void this.#video.play().catch(() => {});
  }
}

function movingPictures({ sound = true, isLarge = false } = {}): MediaStream {
  const canvas = document.createElement("canvas");
  canvas.width = isLarge ? 640 : 160;
  canvas.height = isLarge ? 480 : 120;
  const context = canvas.getContext("2d");
  const [picture] = canvas.captureStream(20).getTracks();
  let hue = 0;
  const timer = setInterval(() => {
    if (picture?.readyState === "ended") clearInterval(timer);
    if (!context) return;
    hue = (hue + 7) % 360;
    context.fillStyle = `hsl(${hue} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 50);
  const tracks = [picture, sound ? tone() : undefined];
  return new MediaStream(tracks.filter((track) => track !== undefined));
}

function tone(): MediaStreamTrack {
  const audio = new AudioContext();
  const oscillator = audio.createOscillator();
  const output = audio.createMediaStreamDestination();
  oscillator.connect(output);
  oscillator.start();
  const [track] = output.stream.getTracks();
  if (!track) throw new Error("no sound");
  return track;
}

declare global {
  interface Window {
    PeerPage: typeof PeerPage;
    page: PeerPage;
  }
}

window.PeerPage = PeerPage;
