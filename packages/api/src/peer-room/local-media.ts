import type { FirstPicture } from "./first-picture";
import type { AudioProfile } from "./types";

/** One place for a track in a connection. It stays when its track goes, so that the description never grows by a change. */
interface Slot {
  readonly kind: string;
  readonly sender: RTCRtpSender;
  track: MediaStreamTrack | null;
}

interface Attached {
  slots: Slot[];
  onFailure(error: unknown): void;
}

const audioBitsPerSecond: Record<AudioProfile, number> = { speech: 48_000, music: 256_000 };

/** What this participant sends, the same over every connection. */
export class LocalMedia {
  stream: MediaStream | null = null;
  #profile: AudioProfile;
  /** Hears of a track that ended by itself: its device was pulled out, permission was taken away, sharing was stopped. */
  readonly #onEnded: (track: MediaStreamTrack) => void;
  readonly #connections = new Map<RTCPeerConnection, Attached>();
  #watching = new AbortController();
  #isExpecting = false;
  /** Whose newest picture is kept. */
  #camera: MediaStreamTrack | undefined;
  #first: Promise<FirstPicture | null> | undefined;

  constructor(
    stream: MediaStream | null,
    profile: AudioProfile,
    onEnded: (track: MediaStreamTrack) => void,
  ) {
    this.#profile = profile;
    this.#onEnded = onEnded;
    this.setStream(stream);
  }

  /** @param onFailure hears of a track that this connection cannot send in the place of another. Left out before it is negotiated */
  attach(connection: RTCPeerConnection, onFailure?: (error: unknown) => void): void {
    const known = this.#connections.get(connection);
    const slots = known?.slots ?? [];
    this.#connections.set(connection, { slots, onFailure: onFailure ?? (() => {}) });
    if (!known) this.#apply(connection);
    if (onFailure) this.#sendFirst(connection, slots);
  }

  /** Whether somebody may come who is to be sent a picture at once. */
  expectPeers(isExpecting: boolean): void {
    this.#isExpecting = isExpecting;
    this.#keepPicture();
  }

  detach(connection: RTCPeerConnection): void {
    this.#connections.delete(connection);
  }

  setStream(stream: MediaStream | null): void {
    this.stream = stream;
    this.#watch();
    this.#keepPicture();
    for (const connection of this.#connections.keys()) this.#apply(connection);
  }

  replaceTrack(previous: MediaStreamTrack, next: MediaStreamTrack | null): void {
    this.stream?.removeTrack(previous);
    if (next) this.stream?.addTrack(next);
    this.setStream(this.stream);
  }

  setProfile(profile: AudioProfile): void {
    this.#profile = profile;
    for (const connection of this.#connections.keys()) this.tuneAudio(connection);
  }

  /** Bounds the bitrate of audio, in a connection that was negotiated: before, browsers do not know the encoding. */
  tuneAudio(connection: RTCPeerConnection): void {
    for (const { kind, sender } of this.#connections.get(connection)?.slots ?? []) {
      if (kind !== "audio") continue;
      const parameters = sender.getParameters();
      const [encoding] = parameters.encodings ?? [];
      if (!encoding) continue;
      encoding.maxBitrate = audioBitsPerSecond[this.#profile];
      // A refusal leaves the browser's own bitrate.
      sender.setParameters(parameters).catch(() => {});
    }
  }

  #watch(): void {
    this.#watching.abort();
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    for (const track of this.stream?.getTracks() ?? []) {
      const onEnded = () => {
        // The others see that it is gone, not its last picture for ever.
        for (const connection of this.#connections.keys()) this.#apply(connection);
        this.#onEnded(track);
      };
      track.addEventListener?.("ended", onEnded, { signal });
    }
  }

  #keepPicture(): void {
    const [camera] = (this.#isExpecting && this.stream?.getVideoTracks()) || [];
    if (camera === this.#camera) return;
    this.#camera = camera;
    this.#first?.then((first) => first?.stop());
    const load = async () => (await import("./first-picture")).FirstPicture;
    // Without it calls begin as they do in other browsers.
    this.#first =
      camera &&
      load()
        .then((found) => found.of(camera))
        .catch(() => null);
  }

  #sendFirst(connection: RTCPeerConnection, slots: Slot[]): void {
    const camera = this.#camera;
    const slot = slots.find(({ track }) => track === camera);
    if (!camera || !slot) return;
    const { sender } = slot;
    const isWanted = () => slot.track === camera && this.#connections.has(connection);
    const giveBack = () => isWanted() && this.#fill(connection, slot, camera);
    // What fails here is made up for by the camera.
    this.#first
      ?.then((first) => first?.send({ connection, sender, isWanted, giveBack }))
      .catch(() => {});
  }

  /**
   * Tracks that stay are left alone, others take over a place of their kind. Only a place that begins or ends to send
   * is negotiated, and only a kind that has no free place left gets a new one.
   */
  #apply(connection: RTCPeerConnection): void {
    const attached = this.#connections.get(connection);
    if (!attached || connection.signalingState === "closed") return;
    const { slots } = attached;
    const tracks = (this.stream?.getTracks() ?? []).filter(
      ({ readyState }) => readyState !== "ended",
    );
    const free = slots
      .filter(({ track }) => !track || !tracks.includes(track))
      // One that sends already swaps without a negotiation.
      .sort((a, b) => Number(b.track !== null) - Number(a.track !== null));
    for (const track of tracks) {
      if (slots.some((slot) => slot.track === track)) continue;
      const index = free.findIndex(({ kind }) => kind === track.kind);
      const [slot] = index < 0 ? [] : free.splice(index, 1);
      if (slot) this.#fill(connection, slot, track);
      else {
        const streams = this.stream ? [this.stream] : [];
        const sender = connection.addTrack(track, ...streams);
        slots.push({ kind: track.kind, sender, track });
      }
    }
    for (const slot of free) if (slot.track) this.#fill(connection, slot, null);
    if (connection.remoteDescription) this.tuneAudio(connection);
  }

  #fill(connection: RTCPeerConnection, slot: Slot, track: MediaStreamTrack | null): void {
    slot.track = track;
    slot.sender.replaceTrack(track).catch((error) => {
      const isOurs = connection.signalingState !== "closed" && slot.track === track;
      if (isOurs) this.#connections.get(connection)?.onFailure(error);
    });
    const transceiver = connection.getTransceivers().find(({ sender }) => sender === slot.sender);
    if (!transceiver) return;
    const receives = /recv/.test(transceiver.direction);
    const direction = track
      ? receives
        ? "sendrecv"
        : "sendonly"
      : receives
        ? "recvonly"
        : "inactive";
    if (transceiver.direction !== direction) transceiver.direction = direction;
  }
}
