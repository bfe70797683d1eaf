import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import { type Call, inCall } from "./setup/in-call";
import type { PeerReport } from "./setup/peer-page-script";
import type { PeerTab } from "./setup/peer-pages";
import { startUdpNat } from "./setup/udp-nat";

const what = "the beginning of a call";
/** The type of a relay's answer. */
const allocated = 0x0103;

describe.runIf(canCall(what))(what, { concurrent: true }, () => {
  let lab: CallLab;

  beforeAll(async () => {
    lab = await startCallLab();
  });
  afterAll(() => lab?.close());

  const callTest = (title: string, run: (call: Call) => Promise<void>) =>
    test(title, () => inCall(lab, run), 120_000);
  /** Where a connection is to stand within a second, after which a first picture is no longer waited for. */
  const callAlone = (title: string, run: (call: Call) => Promise<void>) =>
    test.sequential(title, () => inCall(lab, run), 120_000);

  /** Opens the page without joining. @returns the calls to the server that it makes from then on, with their bodies */
  async function openLobby({ ben, room }: Call) {
    await ben.sit({ ...lab.seating(room, "Ben"), inLobby: true });
    await ben.page.evaluate(() => window.page.prepared);
    // Paths through a relay take a moment.
    await ben.page.waitForTimeout(1_000);
    const calls: { name: string; body: string }[] = [];
    ben.page.on("request", (request) => {
      const [, name] = /signaling\.(\w+)/.exec(request.url()) ?? [];
      if (name) calls.push({ name, body: request.postData() ?? "" });
    });
    return calls;
  }

  const join = ({ ben }: Call) => ben.page.evaluate(() => window.page.room.join());

  callTest("a lobby has found paths before the click, which go with the join", async (call) => {
    const { ada, room } = call;
    await ada.sit(lab.seating(room, "Ada"));
    const calls = await openLobby(call);
    // Nobody sees who is in it, and no seat is taken.
    expect((await ada.report()).peers).toEqual([]);
    await join(call);
    await call.connected();
    await call.bothSeePictures();
    expect(calls[0]?.name).toBe("join");
    const { offer } = JSON.parse(calls[0]?.body ?? "").input;
    expect(offer.sdp).toMatch(/^a=candidate:.* typ relay/m);
    expect(calls.map(({ name }) => name)).not.toContain("turnConfig");
  });

  callTest("a lobby leads into an empty room, too, where somebody comes later", async (call) => {
    const { ada, room } = call;
    await openLobby(call);
    await join(call);
    await ada.sit(lab.seating(room, "Ada"));
    await call.connected();
    await call.bothSeePictures();
  });

  callTest("who waits has a place at the relay by then, and answers with it", async (call) => {
    const { ada, ben, room } = call;
    const nat = await startUdpNat(lab.coturn.port);
    const urls = [`turn:127.0.0.1:${nat.port}?transport=udp`];
    const answers = () => nat.flows().flatMap((flow) => flow.answers);
    try {
      await ada.changeIceServers((servers) => servers.map((server) => ({ ...server, urls })));
      await ada.sit(lab.seating(room, "Ada"));
      await expect.poll(answers, { timeout: 30_000 }).toContain(allocated);
      // Each network of this machine asks for a place of its own.
      await ada.page.waitForTimeout(1_000);
      const before = nat.flows().length;
      await ben.sit(lab.seating(room, "Ben"));
      await call.connected();
      await call.bothSeePictures();
      expect(nat.flows()).toHaveLength(before);
    } finally {
      nat.close();
    }
  });

  callTest("a lobby sends what was chosen last in it", async (call) => {
    const { ada, ben, room } = call;
    await ada.sit(lab.seating(room, "Ada"));
    await openLobby(call);
    await ben.page.evaluate(() => window.page.sendOnly({ microphone: true }));
    await join(call);
    await call.connected();
    await ada.until("hearing only", ({ peers }) => peers[0]?.kinds === "audio");
    // At once after the choice.
    await ben.page.evaluate(() => window.page.room.leave());
    await ada.until("alone", ({ peers }) => peers[0]?.state === "left");
    await ben.page.evaluate(async () => {
      await window.page.room.prepare();
      window.page.sendOnly({ camera: true, microphone: true });
      await window.page.room.join();
    });
    const isWithBoth = ({ peers }: { peers: { state: string; kinds: string }[] }) =>
      peers.some(({ state, kinds }) => state === "connected" && kinds === "audio+video");
    await ada.until("seeing and hearing", isWithBoth);
  });

  callTest("whoever may not come in learns it from the join, not from the lobby", async (call) => {
    const { ben, room } = call;
    const seating = { ...lab.seating(room, "Ben"), inviteToken: "fmi_wrong", inLobby: true };
    await ben.sit(seating);
    await ben.page.evaluate(() => window.page.prepared);
    expect((await ben.report()).status).toBe("idle");
    await ben.page.evaluate(() => window.page.room.join().catch(() => {}));
    expect((await ben.report()).status).toBe("refused");
  });

  const sees = ({ frames }: PeerReport) => frames > 0;

  /** Ada waits for somebody whose camera gives no more pictures then. */
  async function waitWithStillCamera({ ada, room }: Call, options = {}): Promise<void> {
    await watchLending(ada);
    const seating = lab.seating(room, "Ada", options);
    await ada.sit(seating, { withStillCamera: true });
    await ada.until("in the room", ({ status }) => status === "joined");
    const isKept = seating.options?.sendPictureAhead ?? true;
    await ada.page.waitForFunction((kept) => window.isKept === kept, isKept);
    // One more, which is the one that is kept.
    await ada.page.waitForTimeout(100);
    await ada.page.evaluate(() => window.page.camera?.stop());
  }

  /** What is done at the moment when the place of the camera was lent. @returns what that place holds once it was given back */
  async function whileLent({ ada, ben, room }: Call, change: () => void): Promise<string> {
    await ada.page.evaluate(`window.onLent = ${change}`);
    await ben.sit(lab.seating(room, "Ben"), { withoutMedia: true });
    await ada.page.waitForFunction(() => window.isOver());
    return ada.page.evaluate(() => window.holds());
  }

  callAlone("its first picture is the last one before it", async (call) => {
    const { ada, ben, room } = call;
    await waitWithStillCamera(call);
    await ben.sit(lab.seating(room, "Ben"), { withoutMedia: true });
    await ben.until("shown a picture", sees);
    await ada.page.waitForFunction(() => window.isOver() && window.holds() === "the camera");
    expect(await encoded(ada)).toBeGreaterThan(0);
  });

  callAlone("it begins small, and is whole a moment later", async (call) => {
    const { ada, ben, room } = call;
    await watchLending(ada);
    await ada.sit(lab.seating(room, "Ada"), { withLargePictures: true });
    await ada.until("in the room", ({ status }) => status === "joined");
    await ada.page.waitForFunction(() => window.isKept);
    await ben.sit(lab.seating(room, "Ben"));
    const scales = () => ada.page.evaluate(() => window.scales);
    await expect.poll(scales, { timeout: 10_000 }).toEqual([2, 1]);
    await ben.page.waitForFunction(() => document.querySelector("video")?.videoWidth === 640);
  });

  callTest("a camera that is switched off meanwhile shows nothing of before", async (call) => {
    const { ada } = call;
    await waitWithStillCamera(call);
    const holds = await whileLent(call, () => {
      if (window.page.camera) window.page.camera.track.enabled = false;
    });
    expect(holds).toBe("the camera");
    await call.connected();
    expect(await encoded(ada)).toBe(0);
  });

  callTest("a camera that is changed meanwhile is not sent again", async (call) => {
    await waitWithStillCamera(call);
    const holds = await whileLent(call, () => {
      const [before] = window.page.camera?.stream.getTracks() ?? [];
      if (before) window.page.room.replaceTrack(before, before.clone());
    });
    expect(holds).toBe("another track");
  });

  callTest("a camera that is pulled out meanwhile is not sent again", async (call) => {
    const { ben } = call;
    await waitWithStillCamera(call);
    const holds = await whileLent(call, () => {
      const { track } = window.page.camera ?? {};
      track?.stop();
      track?.dispatchEvent(new Event("ended"));
    });
    expect(holds).toBe("nothing");
    await ben.until("without a picture", ({ peers: [peer] }) => peer?.kinds === "");
  });

  callTest("an app may leave it to the camera", async (call) => {
    const { ada, ben, room } = call;
    await waitWithStillCamera(call, { sendPictureAhead: false });
    await ben.sit(lab.seating(room, "Ben"), { withoutMedia: true });
    await call.connected();
    expect(await ada.page.evaluate(() => [window.isKept, window.lent.length])).toEqual([false, 0]);
  });
});

/** From the next page on: keeps which tracks are lent the camera's place, and whether a picture is kept. */
async function watchLending({ page }: PeerTab): Promise<void> {
  await page.addInitScript(() => {
    window.isKept = false;
    window.lent = [];
    window.scales = [];
    const { setParameters } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.setParameters = async function (parameters) {
      await setParameters.call(this, parameters);
      const [encoding] = parameters.encodings;
      if (this.track?.kind === "video") window.scales.push(encoding?.scaleResolutionDownBy ?? 0);
    };
    let sender: RTCRtpSender | null = null;
    let pending = 0;
    const { MediaStreamTrackProcessor: Native } = window;
    window.MediaStreamTrackProcessor = class extends Native {
      constructor(init: object) {
        super(init);
        window.isKept = true;
      }
    };
    const { replaceTrack } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.replaceTrack = async function (track) {
      const isLending = this.track === window.page.camera?.track && track !== null;
      pending++;
      await replaceTrack.call(this, track).finally(() => pending--);
      if (!isLending) return;
      sender = this;
      window.lent.push(track);
      window.onLent?.();
    };
    window.isOver = () =>
      pending === 0 && window.lent.some(({ readyState }) => readyState === "ended");
    window.holds = () => {
      if (!sender?.track) return "nothing";
      return sender.track === window.page.camera?.track ? "the camera" : "another track";
    };
    window.encoded = async () => {
      const reports = [...((await sender?.getStats()) ?? new Map()).values()];
      return reports.find(({ type }) => type === "outbound-rtp")?.framesEncoded ?? 0;
    };
  });
}

function encoded({ page }: PeerTab): Promise<number> {
  return page.evaluate(() => window.encoded());
}

declare global {
  interface Window {
    MediaStreamTrackProcessor: new (init: object) => object;
    isKept: boolean;
    lent: MediaStreamTrack[];
    /** What was asked of the camera's sender, by how much a picture is to be smaller. */
    scales: number[];
    onLent?: () => void;
    isOver(): boolean;
    holds(): string;
    encoded(): Promise<number>;
  }
}
