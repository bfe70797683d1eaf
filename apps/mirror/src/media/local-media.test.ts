import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createLocalMedia } from "./local-media";

class FakeTrack extends EventTarget {
  enabled = true;
  readyState: "live" | "ended" = "live";
  contentHint = "";
  readonly kind: "audio" | "video";
  readonly label: string;
  constructor(kind: "audio" | "video", label: string) {
    super();
    this.kind = kind;
    this.label = label;
  }
  getSettings() {
    return { deviceId: this.label };
  }
  stop() {
    this.readyState = "ended";
  }
  /** What `stop` does not do: it tells. */
  pullOut() {
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
}

class FakeStream {
  readonly tracks: FakeTrack[];
  constructor(tracks: FakeTrack[] = []) {
    this.tracks = tracks;
  }
  getTracks() {
    return this.tracks;
  }
  getAudioTracks() {
    return this.tracks.filter(({ kind }) => kind === "audio");
  }
}

interface Asked {
  constraints: MediaStreamConstraints;
  give(): void;
  refuse(name: string): void;
}

/** What the page asked the browser for and did not get yet. */
let waiting: Asked[] = [];
let given: FakeTrack[] = [];
let devices: { kind: string; deviceId: string; label: string }[] = [];
let permission: string | null = "granted";

const device = (kind: string, id: string) => ({ kind, deviceId: id, label: id });
const settled = () => new Promise((resolve) => setTimeout(resolve));

function getUserMedia(constraints: MediaStreamConstraints): Promise<FakeStream> {
  return new Promise((resolve, reject) => {
    const first = (kind: string) => devices.find((found) => found.kind === kind)?.label ?? "none";
    waiting.push({
      constraints,
      give() {
        const tracks = [
          ...(constraints.audio ? [new FakeTrack("audio", first("audioinput"))] : []),
          ...(constraints.video ? [new FakeTrack("video", first("videoinput"))] : []),
        ];
        given.push(...tracks);
        resolve(new FakeStream(tracks));
      },
      refuse: (name) => reject(Object.assign(new Error("no"), { name })),
    });
  });
}

async function next(): Promise<Asked> {
  await settled();
  const asked = waiting.shift();
  if (!asked) throw new Error("The page asked for nothing.");
  return asked;
}

beforeEach(() => {
  waiting = [];
  given = [];
  permission = "granted";
  devices = [
    device("audioinput", "Studio microphone"),
    device("audioinput", "Built-in microphone"),
    device("videoinput", "Overhead camera"),
  ];
  vi.stubGlobal("MediaStream", FakeStream);
  vi.stubGlobal("navigator", {
    mediaDevices: {
      getUserMedia,
      enumerateDevices: async () => devices,
      addEventListener() {},
    },
    permissions: {
      async query() {
        if (permission === null) throw new TypeError("not known");
        return { state: permission };
      },
    },
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const create = () => createLocalMedia({ cameraId: null, microphoneId: null, music: true });
const live = (kind: "audio" | "video") =>
  given.filter((track) => track.kind === kind && track.readyState === "live");

async function withMicrophone() {
  const media = create();
  void media.open({ camera: false, microphone: true });
  (await next()).give();
  await settled();
  return media;
}

test("a camera that comes after everything was let go of is stopped", async () => {
  const media = create();
  void media.setCamera(true);
  const asked = await next();
  media.rest();
  asked.give();
  await settled();
  expect(live("video")).toEqual([]);
  expect(media.get().camera.status).toBe("off");
  expect(media.get().stream.getTracks()).toEqual([]);
});

test("a second press ends the asking, and a third asks anew", async () => {
  const media = create();
  void media.setCamera(true);
  const first = await next();
  expect(media.get().camera.status).toBe("asking");
  void media.setCamera(false);
  expect(media.get().camera.status).toBe("off");
  void media.setCamera(true);
  const second = await next();
  first.give();
  await settled();
  expect(live("video")).toEqual([]);
  second.give();
  await settled();
  expect(live("video")).toHaveLength(1);
  expect(media.get().camera.status).toBe("on");
});

test("of both asked for at once, the one that was cancelled is stopped", async () => {
  const media = create();
  void media.open({ camera: true, microphone: true });
  const asked = await next();
  void media.setMicrophone(false);
  asked.give();
  await settled();
  expect(live("audio")).toEqual([]);
  expect(live("video")).toHaveLength(1);
  expect(media.get().microphone.status).toBe("off");
});

test("what is refused late says nothing of who does not ask any more", async () => {
  const media = create();
  void media.setCamera(true);
  const asked = await next();
  media.rest();
  asked.refuse("NotReadableError");
  await settled();
  expect(media.get().camera.status).toBe("off");
});

test("a page that opens while it is asked does not ask twice", async () => {
  const media = create();
  void media.open({ camera: true, microphone: true });
  void media.open({ camera: true, microphone: true });
  await next();
  expect(waiting).toEqual([]);
});

test("a muted microphone stays muted when music mode is switched, from the first moment", async () => {
  const media = await withMicrophone();
  void media.setMicrophone(false);
  const handedOut: boolean[] = [];
  media.subscribe(() => {
    const [track] = media.get().stream.getAudioTracks();
    handedOut.push(track?.enabled ?? false, media.get().microphone.status === "on");
  });
  void media.setMusic(false);
  (await next()).give();
  await settled();
  expect(handedOut).not.toContain(true);
  expect(live("audio")).toHaveLength(1);
  void media.setMicrophone(true);
  expect(live("audio")[0]?.enabled).toBe(true);
});

test("the microphone goes on until music mode's is there, and where that fails", async () => {
  const media = await withMicrophone();
  void media.setMusic(false);
  const asked = await next();
  expect(live("audio")).toHaveLength(1);
  expect(media.get().microphone.status).toBe("on");
  asked.refuse("NotReadableError");
  await settled();
  expect(live("audio")).toHaveLength(1);
  expect(media.get()).toMatchObject({
    music: true,
    microphone: { status: "on" },
    notice: "Another program has the microphone. Studio microphone stays.",
  });
});

test("a microphone that stopped without a word is asked for again", async () => {
  const media = await withMicrophone();
  for (const track of given) track.stop();
  void media.setMicrophone(true);
  (await next()).give();
  await settled();
  expect(live("audio")).toHaveLength(1);
  expect(media.get().microphone.status).toBe("on");
});

test("the next microphone takes the place of one that is pulled out, and the page says so", async () => {
  const media = await withMicrophone();
  void media.setMicrophone(false);
  devices = devices.filter(({ deviceId }) => deviceId !== "Studio microphone");
  given[0]?.pullOut();
  (await next()).give();
  await settled();
  expect(live("audio").map(({ label, enabled }) => [label, enabled])).toEqual([
    ["Built-in microphone", false],
  ]);
  expect(media.get()).toMatchObject({
    microphone: { status: "off", label: "Built-in microphone" },
    notice: "Studio microphone stopped. In use now: Built-in microphone.",
  });
});

test("the last microphone pulled out is missing", async () => {
  const media = await withMicrophone();
  devices = devices.filter(({ kind }) => kind !== "audioinput");
  given[0]?.pullOut();
  await settled();
  expect(media.get().microphone.status).toBe("missing");
  expect(waiting).toEqual([]);
});

test.each(["denied", "prompt"])("a permission taken away (%s) is called that", async (state) => {
  const media = await withMicrophone();
  permission = state;
  given[0]?.pullOut();
  await settled();
  expect(media.get().microphone.status).toBe("denied");
  expect(waiting).toEqual([]);
});

test("where the browser does not tell of permissions, it is asked", async () => {
  const media = await withMicrophone();
  permission = null;
  given[0]?.pullOut();
  (await next()).refuse("NotAllowedError");
  await settled();
  expect(media.get().microphone.status).toBe("denied");
});
