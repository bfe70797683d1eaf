/**
 * What comes from one peer, in one MediaStream that outlives its connections. A new connection's tracks take the place
 * of the old one's only when they arrive, so that the last picture stays until then.
 */
export class RemoteMedia {
  readonly stream: MediaStream;
  readonly #onChange: () => void;
  #present = new Map<MediaStreamTrack, AbortController>();

  constructor(stream: MediaStream, onChange: () => void) {
    this.stream = stream;
    this.#onChange = onChange;
  }

  /** What comes from here on is another connection's. */
  beginConnection(): void {
    this.#present = new Map();
  }

  take({ track, streams }: RTCTrackEvent): void {
    const present = this.#present;
    // The same track comes again when its sender begins again.
    present.get(track)?.abort();
    const listening = new AbortController();
    present.set(track, listening);
    for (const old of this.stream.getTracks()) {
      if (old.kind === track.kind && !present.has(old)) this.stream.removeTrack(old);
    }
    this.stream.addTrack(track);
    const onRemoved = (event: MediaStreamTrackEvent) => {
      if (event.track !== track) return;
      listening.abort();
      present.delete(track);
      this.stream.removeTrack(track);
      this.#onChange();
    };
    streams[0]?.addEventListener("removetrack", onRemoved, { signal: listening.signal });
    this.#onChange();
  }

  /** The connection stands: tracks of earlier ones that it does not have are gone for good. */
  dropOld(): void {
    for (const track of this.stream.getTracks()) {
      if (!this.#present.has(track)) this.stream.removeTrack(track);
    }
  }
}
