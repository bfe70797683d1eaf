import type { AudioProfile } from "./types";

interface Sending {
  kind: string;
  sender: RTCRtpSender;
}

const audioBitsPerSecond: Record<AudioProfile, number> = { speech: 48_000, music: 256_000 };

/** What this participant sends, the same over every connection. */
export class LocalMedia {
  stream: MediaStream | null;
  #profile: AudioProfile;
  readonly #connections = new Map<RTCPeerConnection, Sending[]>();

  constructor(stream: MediaStream | null, profile: AudioProfile) {
    this.stream = stream;
    this.#profile = profile;
  }

  attach(connection: RTCPeerConnection): void {
    if (this.#connections.has(connection)) return;
    this.#connections.set(connection, []);
    this.#apply(connection);
  }

  detach(connection: RTCPeerConnection): void {
    this.#connections.delete(connection);
  }

  setStream(stream: MediaStream | null): void {
    this.stream = stream;
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

  /** Bounds the bitrate of audio; browsers know the encoding only once a connection was negotiated. */
  tuneAudio(connection: RTCPeerConnection): void {
    for (const { kind, sender } of this.#connections.get(connection) ?? []) {
      if (kind !== "audio") continue;
      const parameters = sender.getParameters();
      const [encoding] = parameters.encodings ?? [];
      if (!encoding) continue;
      encoding.maxBitrate = audioBitsPerSecond[this.#profile];
      // A refusal leaves the browser's own bitrate.
      sender.setParameters(parameters).catch(() => {});
    }
  }

  /** Tracks that stay are left alone, others take over a sender of their kind: only a change of number renegotiates. */
  #apply(connection: RTCPeerConnection): void {
    const before = this.#connections.get(connection);
    if (!before || connection.signalingState === "closed") return;
    const tracks = this.stream?.getTracks() ?? [];
    const kept = before.filter(({ sender }) => sender.track && tracks.includes(sender.track));
    const free = before.filter((sending) => !kept.includes(sending));
    for (const track of tracks) {
      if (kept.some(({ sender }) => sender.track === track)) continue;
      const index = free.findIndex(({ kind }) => kind === track.kind);
      const [reused] = index < 0 ? [] : free.splice(index, 1);
      if (reused) {
        kept.push(reused);
        // It fails only when the connection closes meanwhile.
        reused.sender.replaceTrack(track).catch(() => {});
      } else {
        const sender = this.stream
          ? connection.addTrack(track, this.stream)
          : connection.addTrack(track);
        kept.push({ kind: track.kind, sender });
      }
    }
    for (const { sender } of free) connection.removeTrack(sender);
    this.#connections.set(connection, kept);
    this.tuneAudio(connection);
  }
}
