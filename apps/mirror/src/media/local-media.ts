import { createStore, type Store } from "../store";
import { type DeviceStatus, statusOfError } from "./device-status";
import { cameraConstraints, microphoneConstraints } from "./microphone-constraints";

export interface DeviceChoice {
  id: string;
  label: string;
}

export interface DeviceState {
  status: DeviceStatus;
  /** What the system calls it; empty before it is known. */
  label: string;
  id: string | null;
}

export interface LocalMediaSnapshot {
  camera: DeviceState;
  microphone: DeviceState;
  /** A new one whenever its tracks change; it may be empty. */
  stream: MediaStream;
  cameras: readonly DeviceChoice[];
  microphones: readonly DeviceChoice[];
  /** What the system calls the place where sound comes out; empty when it does not say. */
  outputLabel: string;
  music: boolean;
}

export interface LocalMedia extends Pick<Store<LocalMediaSnapshot>, "get" | "subscribe"> {
  /** Asks for camera and microphone, for both at once where both are wanted. Never rejects: see each status. */
  open(wanted: { camera: boolean; microphone: boolean }): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  setMicrophone(on: boolean): Promise<void>;
  chooseCamera(id: string): Promise<void>;
  chooseMicrophone(id: string): Promise<void>;
  setMusic(on: boolean): Promise<void>;
  /** Lets go of both, until `open`. */
  rest(): void;
}

export interface LocalMediaOptions {
  cameraId: string | null;
  microphoneId: string | null;
  music: boolean;
}

type Kind = "camera" | "microphone";

/** This side's camera and microphone: asked for, chosen, changed, turned off, and what is there instead. */
export function createLocalMedia(options: LocalMediaOptions): LocalMedia {
  const { mediaDevices } = navigator;
  const tracks: Record<Kind, MediaStreamTrack | null> = { camera: null, microphone: null };
  const wanted = { camera: options.cameraId, microphone: options.microphoneId };
  const store = createStore<LocalMediaSnapshot>({
    camera: { status: "off", label: "", id: null },
    microphone: { status: "off", label: "", id: null },
    stream: new MediaStream(),
    cameras: [],
    microphones: [],
    outputLabel: "",
    music: options.music,
  });
  const patch = (change: Partial<LocalMediaSnapshot>) => store.set({ ...store.get(), ...change });
  const patchStatus = (kind: Kind, status: DeviceStatus) =>
    patch({ [kind]: { ...store.get()[kind], status } });

  function constraintsOf(kind: Kind): MediaTrackConstraints {
    return kind === "camera"
      ? cameraConstraints(wanted.camera)
      : microphoneConstraints(store.get().music, wanted.microphone);
  }

  async function acquire(kinds: Kind[]): Promise<void> {
    if (!mediaDevices?.getUserMedia) {
      for (const kind of kinds) patchStatus(kind, "unsupported");
      return;
    }
    for (const kind of kinds) patchStatus(kind, "asking");
    try {
      const stream = await mediaDevices.getUserMedia({
        ...(kinds.includes("camera") && { video: constraintsOf("camera") }),
        ...(kinds.includes("microphone") && { audio: constraintsOf("microphone") }),
      });
      for (const track of stream.getTracks()) take(track);
    } catch (error) {
      // One that is missing must not take the other with it.
      if (kinds.length > 1) {
        for (const kind of kinds) await acquire([kind]);
        return;
      }
      for (const kind of kinds) patchStatus(kind, statusOfError(error));
    }
    await listDevices();
  }

  function take(track: MediaStreamTrack) {
    const kind: Kind = track.kind === "video" ? "camera" : "microphone";
    tracks[kind]?.stop();
    tracks[kind] = track;
    track.contentHint = kind === "camera" ? "motion" : store.get().music ? "music" : "speech";
    track.addEventListener("ended", () => {
      if (tracks[kind] === track) drop(kind, "missing");
    });
    const { deviceId } = track.getSettings();
    patch({
      [kind]: { status: "on", label: track.label, id: deviceId ?? null },
      stream: streamOf(tracks),
    });
  }

  function drop(kind: Kind, status: DeviceStatus) {
    tracks[kind]?.stop();
    tracks[kind] = null;
    patch({ [kind]: { ...store.get()[kind], status }, stream: streamOf(tracks) });
  }

  async function listDevices() {
    const devices = (await mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    const choices = (kind: MediaDeviceKind) =>
      devices
        .filter((device) => device.kind === kind && device.deviceId !== "")
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    const outputs = choices("audiooutput");
    patch({
      cameras: choices("videoinput"),
      microphones: choices("audioinput"),
      outputLabel: (outputs.find(({ id }) => id === "default") ?? outputs[0])?.label ?? "",
    });
  }

  mediaDevices?.addEventListener("devicechange", () => void listDevices());

  return {
    get: store.get,
    subscribe: store.subscribe,
    async open({ camera, microphone }) {
      const kinds: Kind[] = [];
      if (camera && !tracks.camera) kinds.push("camera");
      if (microphone && !tracks.microphone) kinds.push("microphone");
      if (kinds.length > 0) await acquire(kinds);
    },
    // Stopped, not hidden: the camera's light goes out.
    setCamera: async (on) => (on ? acquire(["camera"]) : drop("camera", "off")),
    async setMicrophone(on) {
      const track = tracks.microphone;
      if (!track) {
        if (on) await acquire(["microphone"]);
        return;
      }
      track.enabled = on;
      patchStatus("microphone", on ? "on" : "off");
    },
    async chooseCamera(id) {
      wanted.camera = id;
      await acquire(["camera"]);
    },
    async chooseMicrophone(id) {
      wanted.microphone = id;
      await acquire(["microphone"]);
    },
    async setMusic(on) {
      patch({ music: on });
      if (!tracks.microphone) return;
      const { enabled } = tracks.microphone;
      // The processing of an open microphone cannot be changed everywhere: it is opened again.
      tracks.microphone.stop();
      await acquire(["microphone"]);
      if (!enabled) await this.setMicrophone(false);
    },
    rest() {
      drop("camera", "off");
      drop("microphone", "off");
    },
  };
}

function streamOf(tracks: Record<Kind, MediaStreamTrack | null>): MediaStream {
  return new MediaStream([tracks.microphone, tracks.camera].filter((track) => track !== null));
}
