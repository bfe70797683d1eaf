/**
 * What comes from one peer, in one MediaStream that outlives its connections. A new connection's tracks take the place
 * of the old one's only when they arrive, so that the last picture stays until then.
 */
export class RemoteMedia {
  readonly stream: MediaStream;
  readonly #onChange: () => void;
  #present = new Set<MediaStreamTrack>();

  constructor(stream: MediaStream, onChange: () => void) {
    this.stream = stream;
    this.#onChange = onChange;
  }

  /** What comes from here on is another connection's. */
  beginConnection(): void {
    this.#present = new Set();
  }

  take({ track, streams }: RTCTrackEvent): void {
    const present = this.#present;
    present.add(track);
    for (const old of this.stream.getTracks()) {
      if (old.kind === track.kind && !present.has(old)) this.stream.removeTrack(old);
    }
    this.stream.addTrack(track);
    streams[0]?.addEventListener("removetrack", (event) => {
      if (event.track !== track) return;
      present.delete(track);
      this.stream.removeTrack(track);
      this.#onChange();
    });
    this.#onChange();
  }

  /** The connection stands: tracks of earlier ones that it does not have are gone for good. */
  dropOld(): void {
    for (const track of this.stream.getTracks()) {
      if (!this.#present.has(track)) this.stream.removeTrack(track);
    }
  }
}
