import { createStore, type Store } from "../store";
import {
  type Absence,
  type DeviceStatus,
  deviceWords,
  type Kind,
  statusOfError,
} from "./device-status";
import { cameraConstraints, microphoneConstraints } from "./microphone-constraints";
import { isPermissionGone } from "./permission";

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
  /** What became of a device without anybody's doing, or did not become; null after a while. */
  notice: string | null;
}

export interface LocalMedia extends Pick<Store<LocalMediaSnapshot>, "get" | "subscribe"> {
  /** Asks for camera and microphone, for both at once where both are wanted. Never rejects: see each status. */
  open(wanted: { camera: boolean; microphone: boolean }): Promise<void>;
  /** Off also ends the asking: what is given too late is let go of. So it is for the microphone. */
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

/** For so long a notice stands. */
const noticeMs = 12_000;

/** This side's camera and microphone: asked for, chosen, changed, turned off, and what is there instead. */
export function createLocalMedia(options: LocalMediaOptions): LocalMedia {
  const { mediaDevices } = navigator;
  const tracks: Record<Kind, MediaStreamTrack | null> = { camera: null, microphone: null };
  /** The latest asking for each; what an earlier one gets is not wanted any more. */
  const asked: Record<Kind, symbol | null> = { camera: null, microphone: null };
  const wanted = { camera: options.cameraId, microphone: options.microphoneId };
  let isMuted = false;
  const store = createStore<LocalMediaSnapshot>({
    camera: { status: "off", label: "", id: null },
    microphone: { status: "off", label: "", id: null },
    stream: new MediaStream(),
    cameras: [],
    microphones: [],
    outputLabel: "",
    music: options.music,
    notice: null,
  });
  const patch = (change: Partial<LocalMediaSnapshot>) => store.set({ ...store.get(), ...change });
  const patchStatus = (kind: Kind, status: DeviceStatus) =>
    patch({ [kind]: { ...store.get()[kind], status } });
  const isLive = (kind: Kind) => tracks[kind]?.readyState === "live";

  function constraintsOf(kind: Kind): MediaTrackConstraints {
    return kind === "camera"
      ? cameraConstraints(wanted.camera)
      : microphoneConstraints(store.get().music, wanted.microphone);
  }

  /** @returns whether every one of them is there now */
  async function acquire(kinds: Kind[]): Promise<boolean> {
    if (!mediaDevices?.getUserMedia) {
      for (const kind of kinds) patchStatus(kind, "unsupported");
      return false;
    }
    const turn = Symbol();
    for (const kind of kinds) {
      asked[kind] = turn;
      // One that is there goes on until the next one is.
      if (!isLive(kind)) patchStatus(kind, "asking");
    }
    const isWanted = (kind: Kind) => asked[kind] === turn;
    let isThere = true;
    try {
      const stream = await mediaDevices.getUserMedia({
        ...(kinds.includes("camera") && { video: constraintsOf("camera") }),
        ...(kinds.includes("microphone") && { audio: constraintsOf("microphone") }),
      });
      for (const track of stream.getTracks()) {
        if (isWanted(kindOf(track))) take(track);
        else track.stop();
      }
    } catch (error) {
      const left = kinds.filter(isWanted);
      // One that is missing must not take the other with it.
      if (kinds.length > 1) {
        for (const kind of left) isThere = (await acquire([kind])) && isThere;
        return isThere;
      }
      isThere = false;
      for (const kind of left) fail(kind, statusOfError(error));
    }
    await listDevices();
    return isThere;
  }

  function take(track: MediaStreamTrack) {
    const kind = kindOf(track);
    // Before anybody gets it: nothing is heard of who is muted.
    track.enabled = kind === "camera" || !isMuted;
    track.contentHint = kind === "camera" ? "motion" : store.get().music ? "music" : "speech";
    track.addEventListener("ended", () => {
      if (tracks[kind] === track) void replaceLost(kind);
    });
    const before = tracks[kind];
    tracks[kind] = track;
    asked[kind] = null;
    const status = track.enabled ? "on" : "off";
    patch({
      [kind]: { status, label: track.label, id: track.getSettings().deviceId ?? null },
      stream: streamOf(tracks),
    });
    before?.stop();
  }

  function fail(kind: Kind, status: Absence) {
    asked[kind] = null;
    if (!isLive(kind)) {
      drop(kind, status);
      return;
    }
    tell(
      `${deviceWords(kind, status).title}. ${store.get()[kind].label || "What was there"} stays.`,
    );
  }

  function drop(kind: Kind, status: DeviceStatus) {
    tracks[kind]?.stop();
    tracks[kind] = null;
    asked[kind] = null;
    patch({ [kind]: { ...store.get()[kind], status }, stream: streamOf(tracks) });
  }

  /** It was pulled out, or the permission was taken away: another one takes its place where there is one. */
  async function replaceLost(kind: Kind) {
    const { id, label } = store.get()[kind];
    drop(kind, "asking");
    const turn = Symbol();
    asked[kind] = turn;
    const devices = await listDevices();
    const isGone = await isPermissionGone(kind, id, devices);
    // Somebody chose meanwhile.
    if (asked[kind] !== turn) return;
    const others = store.get()[kind === "camera" ? "cameras" : "microphones"];
    if (isGone || others.length === 0) {
      drop(kind, isGone ? "denied" : "missing");
      return;
    }
    if (!(await acquire([kind]))) return;
    const lost = label || (kind === "camera" ? "The camera" : "The microphone");
    tell(`${lost} stopped. In use now: ${store.get()[kind].label || "the next one"}.`);
  }

  function tell(notice: string) {
    patch({ notice });
    setTimeout(() => {
      if (store.get().notice === notice) patch({ notice: null });
    }, noticeMs);
  }

  async function listDevices(): Promise<MediaDeviceInfo[]> {
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
    return devices;
  }

  mediaDevices?.addEventListener("devicechange", () => void listDevices());

  return {
    get: store.get,
    subscribe: store.subscribe,
    async open({ camera, microphone }) {
      const kinds: Kind[] = [];
      if (camera && !isLive("camera") && !asked.camera) kinds.push("camera");
      if (microphone && !isLive("microphone") && !asked.microphone) {
        kinds.push("microphone");
        isMuted = false;
      }
      if (kinds.length > 0) await acquire(kinds);
    },
    async setCamera(on) {
      // Stopped, not hidden: the camera's light goes out.
      if (on) await acquire(["camera"]);
      else drop("camera", "off");
    },
    async setMicrophone(on) {
      isMuted = !on;
      if (!isLive("microphone")) {
        if (on) await acquire(["microphone"]);
        else drop("microphone", "off");
        return;
      }
      if (tracks.microphone) tracks.microphone.enabled = on;
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
      // The processing of an open microphone cannot be changed everywhere: it is opened again.
      if (!isLive("microphone") && !asked.microphone) return;
      const wasLive = isLive("microphone");
      const isThere = await acquire(["microphone"]);
      // The one that stays is as it was.
      if (!isThere && wasLive && store.get().music === on) patch({ music: !on });
    },
    rest() {
      drop("camera", "off");
      drop("microphone", "off");
    },
  };
}

function kindOf(track: MediaStreamTrack): Kind {
  return track.kind === "video" ? "camera" : "microphone";
}

function streamOf(tracks: Record<Kind, MediaStreamTrack | null>): MediaStream {
  return new MediaStream([tracks.microphone, tracks.camera].filter((track) => track !== null));
}
