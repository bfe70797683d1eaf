import { type Crop, readCrop, wholePicture } from "./media/crop";
import { isSoundId, type SoundId } from "./piano/sounds";
import { createStore } from "./store";

/** What this browser remembers of its player. */
export interface Preferences {
  name: string;
  cameraId: string | null;
  microphoneId: string | null;
  cameraOn: boolean;
  microphoneOn: boolean;
  music: boolean;
  sound: SoundId;
  /** The MIDI instrument that plays what the other side plays; null for this computer. */
  instrumentId: string | null;
  /** Turned left to right, here only. */
  mirrorOwn: boolean;
  mirrorOther: boolean;
  crop: Crop;
  speakNotes: boolean;
}

const key = "mirror.preferences";
const defaults: Preferences = {
  name: "",
  cameraId: null,
  microphoneId: null,
  cameraOn: true,
  microphoneOn: true,
  music: true,
  sound: "felt",
  instrumentId: null,
  mirrorOwn: false,
  mirrorOther: false,
  crop: wholePicture,
  speakNotes: false,
};

export type PreferenceStore = ReturnType<typeof createPreferences>;

export function createPreferences(storage: Pick<Storage, "getItem" | "setItem"> | null) {
  const store = createStore(readPreferences(storage));
  return {
    get: store.get,
    subscribe: store.subscribe,
    update(change: Partial<Preferences>) {
      store.set({ ...store.get(), ...change });
      try {
        storage?.setItem(key, JSON.stringify(store.get()));
      } catch {
        // A full or forbidden storage forgets; nothing else depends on it.
      }
    },
  };
}

function readPreferences(storage: Pick<Storage, "getItem"> | null): Preferences {
  const kept = readJson(storage);
  const read = <Key extends keyof Preferences>(name: Key): Preferences[Key] =>
    typeof kept[name] === typeof defaults[name] ? (kept[name] as Preferences[Key]) : defaults[name];
  const idOf = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    name: read("name"),
    cameraId: idOf(kept.cameraId),
    microphoneId: idOf(kept.microphoneId),
    cameraOn: read("cameraOn"),
    microphoneOn: read("microphoneOn"),
    music: read("music"),
    sound: isSoundId(kept.sound) ? kept.sound : defaults.sound,
    instrumentId: idOf(kept.instrumentId),
    mirrorOwn: read("mirrorOwn"),
    mirrorOther: read("mirrorOther"),
    crop: readCrop(kept.crop),
    speakNotes: read("speakNotes"),
  };
}

function readJson(storage: Pick<Storage, "getItem"> | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(storage?.getItem(key) ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
