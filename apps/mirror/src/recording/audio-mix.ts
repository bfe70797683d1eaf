import type { Synth } from "../piano/synth";

/** Everything that is heard in a call, as one stream. */
export interface AudioMix {
  readonly stream: MediaStream;
  /** What somebody's microphone gives now; a call after each change. */
  hear(whose: string, stream: MediaStream | null): void;
  close(): void;
}

export function createAudioMix(synth: Synth): AudioMix {
  const { context, output } = synth.tap();
  const mixed = context.createMediaStreamDestination();
  const heard = new Map<string, { track: MediaStreamTrack; source: AudioNode }>();
  output.connect(mixed);

  return {
    stream: mixed.stream,
    hear(whose, stream) {
      const track = stream?.getAudioTracks()[0] ?? null;
      const before = heard.get(whose);
      if ((before?.track ?? null) === track) return;
      before?.source.disconnect();
      heard.delete(whose);
      if (!track) return;
      const source = context.createMediaStreamSource(new MediaStream([track]));
      source.connect(mixed);
      heard.set(whose, { track, source });
    },
    close() {
      output.disconnect(mixed);
      for (const { source } of heard.values()) source.disconnect();
    },
  };
}
