import type { PeerRoom } from "@fermata/api";
import type { Desk } from "../desk";
import type { SceneContext } from "../keepsakes/draw-scene";
import type { KeptBytes } from "../keepsakes/keepsakes";
import type { Duet } from "../room/duet";
import { createStore, type Store } from "../store";
import { createAudioMix } from "./audio-mix";
import { filmType, startFilm } from "./film";
import { afterBoth, endingOf } from "./leftovers";
import { createNoteTape } from "./note-tape";
import { shelve } from "./shelf";

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

/** What was played until then is on the shelf at least this often. */
const notesMs = 5_000;

export function createRecorder(
  isRecording: Store<boolean>,
  { room, desk, duet, title, displayName, keep }: RecorderOptions,
): Recorder {
  const since = createStore<number | null>(null);
  let count = 0;
  let finish = async () => {};

  /** Hears everybody, and writes down what they play. */
  function listen() {
    const mix = createAudioMix(desk.synth);
    const tape = createNoteTape();
    /** Everybody who was here meanwhile, by id. */
    const names = new Map<string, string>();
    const hear = () => {
      const here = room.getSnapshot().peers.filter(({ state }) => state !== "left");
      for (const peer of here) names.set(peer.peerId, peer.displayName);
      for (const id of names.keys()) {
        mix.hear(id, here.find(({ peerId }) => peerId === id)?.stream ?? null);
      }
      mix.hear("own", desk.media.get().stream);
    };
    hear();
    const stops = [
      room.subscribe(hear),
      desk.media.subscribe(hear),
      desk.onChange((change) => tape.add("own", change)),
      duet.onChange((change, lateMs, peerId) => tape.add(peerId, change, lateMs)),
    ];
    return {
      mix,
      notes(): Blob {
        const others = [...names].map(([id, name]) => ({ id, name }));
        const notes = tape.toMidiFile(title, [...others, { id: "own", name: displayName }]);
        return new Blob([notes], { type: "audio/midi" });
      },
      stop() {
        for (const stop of stops) stop();
      },
    };
  }

  return {
    isSupported: filmType() !== undefined,
    since,
    start(draw) {
      if (since.get() !== null) return;
      const number = ++count;
      const filename = `${title}, recording ${number}`;
      const heard = listen();
      const film = startFilm(draw, heard.mix.stream, (chunk) => shelved.add(chunk));
      const shelved = shelve({
        title: `Recording ${number}`,
        filename,
        filmType: film.type,
        startedAt: Date.now(),
      });
      const timer = setInterval(() => shelved.keepNotes(heard.notes()), notesMs);
      since.set(Date.now());
      isRecording.set(true);

      finish = async () => {
        finish = async () => {};
        clearInterval(timer);
        heard.stop();
        const notes = heard.notes();
        shelved.keepNotes(notes);
        since.set(null);
        isRecording.set(false);
        const bytes = await film.stop();
        heard.mix.close();
        const onSafe = afterBoth(shelved.remove);
        keep({ title: `Notes ${number}`, filename: `${filename}.mid`, bytes: notes, onSafe });
        const filmName = `${filename}.${endingOf(film.type)}`;
        keep({ title: `Recording ${number}`, filename: filmName, bytes, onSafe });
      };
    },
    stop: () => finish(),
  };
}
