import type { PeerRoom } from "@fermata/api";
import type { Desk } from "../desk";
import type { SceneContext } from "../keepsakes/draw-scene";
import type { KeptBytes } from "../keepsakes/keepsakes";
import type { Duet } from "../room/duet";
import { createStore, type Store } from "../store";
import { createAudioMix } from "./audio-mix";
import { filmType, startFilm } from "./film";
import { createNoteTape } from "./note-tape";

export interface Recorder {
  readonly isSupported: boolean;
  /** When the recording began, in `Date.now()`; null while nothing is recorded. */
  since: Pick<Store<number | null>, "get" | "subscribe">;
  /** Records the picture of both sides, and sound and notes of everybody. @param draw draws both sides as they are now */
  start(draw: (context: SceneContext) => void): void;
  /** Keeps what was recorded: a film, and the notes as a MIDI file. */
  stop(): Promise<void>;
}

export interface RecorderOptions {
  room: PeerRoom;
  desk: Desk;
  duet: Duet;
  title: string;
  displayName: string;
  keep(kept: KeptBytes): void;
}

export function createRecorder(
  isRecording: Store<boolean>,
  { room, desk, duet, title, displayName, keep }: RecorderOptions,
): Recorder {
  const since = createStore<number | null>(null);
  let count = 0;
  let finish = async () => {};

  return {
    isSupported: filmType() !== undefined,
    since,
    start(draw) {
      if (since.get() !== null) return;
      const number = ++count;
      const mix = createAudioMix(desk.synth);
      /** Everybody who was here meanwhile, by id. */
      const names = new Map<string, string>();
      const hear = () => {
        const here = room.getSnapshot().peers.filter(({ state }) => state !== "left");
        for (const { peerId, displayName } of here) names.set(peerId, displayName);
        for (const id of names.keys()) {
          mix.hear(id, here.find(({ peerId }) => peerId === id)?.stream ?? null);
        }
        mix.hear("own", desk.media.get().stream);
      };
      hear();
      const tape = createNoteTape();
      const film = startFilm(draw, mix.stream);
      const stops = [
        room.subscribe(hear),
        desk.media.subscribe(hear),
        desk.onChange((change) => tape.add("own", change)),
        duet.onChange((change, lateMs, peerId) => tape.add(peerId, change, lateMs)),
      ];
      since.set(Date.now());
      isRecording.set(true);

      finish = async () => {
        finish = async () => {};
        for (const stop of stops) stop();
        const players = [...names].map(([id, name]) => ({ id, name }));
        const notes = tape.toMidiFile(title, [...players, { id: "own", name: displayName }]);
        since.set(null);
        isRecording.set(false);
        const filmed = await film.stop();
        mix.close();
        const name = `${title}, recording ${number}`;
        const bytes = new Blob([notes], { type: "audio/midi" });
        keep({ title: `Notes ${number}`, filename: `${name}.mid`, bytes });
        const ending = filmed.type === "video/mp4" ? "mp4" : "webm";
        keep({ title: `Recording ${number}`, filename: `${name}.${ending}`, bytes: filmed });
      };
    },
    stop: () => finish(),
  };
}
