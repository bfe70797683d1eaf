import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import { type Call, inCall } from "./setup/in-call";
import type { PeerReport } from "./setup/peer-page-script";
import type { PeerTab } from "./setup/peer-pages";
import { rpcFor } from "./setup/rpc";

const what = "changes of picture and sound in a call";

describe.runIf(canCall(what))(what, { concurrent: true }, () => {
  let lab: CallLab;

  beforeAll(async () => {
    lab = await startCallLab([
      "--use-fake-device-for-media-stream=device-count=2",
      "--auto-accept-camera-and-microphone-capture",
      "--auto-select-tab-capture-source-by-title=shared",
    ]);
  });
  afterAll(() => lab?.close());

  const callTest = (title: string, run: (call: Call) => Promise<void>) =>
    test(title, () => inCall(lab, run), 120_000);

  const gets =
    (kinds: string) =>
    ({ peers: [peer] }: PeerReport) =>
      peer?.kinds === kinds && peer.state === "connected";
  const hasAnswer = (tab: PeerTab) =>
    expect
      .poll(() => tab.page.evaluate(() => window.lastConnection?.signalingState))
      .toBe("stable");

  callTest("a camera that is switched off and on fifty times is still there", async (call) => {
    const { ada, ben } = call;
    await watchSignals(ada);
    await call.connect();
    for (let round = 1; round <= 50; round++) {
      await ada.page.evaluate(() => window.page.sendOnly({ microphone: true }));
      await ben.until("without a picture", gets("audio"));
      await ada.page.evaluate(() => window.page.sendOnly({ microphone: true, camera: true }));
      await ben.until("given the picture back", gets("audio+video"));
    }
    await call.bothSeePictures();
    const { sizes, refused } = await signalsOf(ada);
    expect(refused).toEqual([]);
    expect(sizes.at(-1)).toBeLessThan((sizes[0] ?? 0) * 1.3);
    const { states } = await ben.report();
    expect(states.filter((state) => state === "connected")).toHaveLength(1);
  });

  callTest("camera, microphone and screen alternate, and both sides at once", async (call) => {
    const { ada, ben } = call;
    await call.connect();
    const turns = [
      [{ camera: true }, "video"],
      [{ screen: true, camera: true }, "video+video"],
      [{ microphone: true }, "audio"],
      [{}, ""],
      [{ screen: true }, "video"],
      [{ screen: true, camera: true, microphone: true }, "audio+video+video"],
      [{ camera: true, microphone: true }, "audio+video"],
    ] as const;
    for (let round = 0; round < 3; round++) {
      for (const [wanted, kinds] of turns) {
        await Promise.all(
          [ada, ben].map((tab) => tab.page.evaluate((w) => window.page.sendOnly(w), wanted)),
        );
        await Promise.all([ada, ben].map((tab) => tab.until(`given ${kinds}`, gets(kinds))));
      }
    }
    await call.bothSeePictures();
    const places = await ada.page.evaluate(
      () => window.lastConnection?.getTransceivers().length ?? 0,
    );
    // A picture, a sound and a screen, each in both directions.
    expect(places).toBeLessThanOrEqual(6);
  });

  callTest("descriptions above the size of one message arrive in parts", async (call) => {
    const { ada, ben } = call;
    await watchSignals(ada);
    await call.connect();
    await ada.page.evaluate(() => {
      for (let count = 0; count < 10; count++) window.page.addPicture();
    });
    await ben.until("given twelve tracks", ({ peers: [peer] }) => peer?.tracks === 12);
    expect((await signalsOf(ada)).refused).toEqual([]);
    // And to somebody who comes with that much.
    await ben.page.reload();
    await ben.sit(lab.seating(call.room, "Ben"));
    await ben.until("given them again", ({ peers: [peer] }) => peer?.tracks === 12);
    await call.bothSeePictures();
  });

  callTest(
    "a change that the server refuses is rolled back, said, and made later",
    async (call) => {
      const { ada, ben } = call;
      await watchSignals(ada);
      await call.connect();
      await hasAnswer(ada);
      let isRefusing = true;
      await ada.page.route(/signaling\.send/, async (route) => {
        const isOffer = route.request().postData()?.includes('"kind":"offer"');
        if (!isRefusing || !isOffer) return route.fallback();
        const data = { code: "BAD_REQUEST", httpStatus: 413, appCode: "PAYLOAD_TOO_LARGE" };
        const error = { code: -32600, message: "That is larger than allowed.", data };
        await route.fulfill({
          status: 413,
          headers: { "access-control-allow-origin": "*" },
          json: { error },
        });
      });
      await ada.page.evaluate(() => window.page.sendOnly({ microphone: true }));
      const { peers } = await ada.until("told", ({ peers: [peer] }) => peer?.notice != null, 5_000);
      expect(peers[0]).toMatchObject({ state: "connected", notice: "change-refused" });
      // What stands goes on.
      await ada.pictures();
      isRefusing = false;
      await ben.until("given the change", gets("audio"));
      await ada.until("told that it is well", ({ peers: [peer] }) => peer?.notice === null);
    },
  );

  callTest("a change whose answer is lost is made again", async (call) => {
    const { ada, ben } = call;
    await watchSignals(ada);
    await call.connect();
    await hasAnswer(ada);
    let lost = 0;
    await ben.page.route(/signaling\.send/, async (route) => {
      const isAnswer = route.request().postData()?.includes('"kind":"answer"');
      if (!isAnswer || lost > 0) return route.fallback();
      lost++;
      // As if it were stored: neither side hears of a failure.
      await route.fulfill({
        headers: { "access-control-allow-origin": "*" },
        json: { result: { data: { cursor: "lost:1" } } },
      });
    });
    await ada.page.evaluate(() => window.page.sendOnly({ microphone: true }));
    await ada.until("told", ({ peers: [peer] }) => peer?.notice === "change-unanswered", 15_000);
    await ada.until("told that it is well", ({ peers: [peer] }) => peer?.notice === null);
    await ben.until("given the change", gets("audio"));
    await ada.page.evaluate(() => window.page.sendOnly({ microphone: true, camera: true }));
    await ben.until("given the next one", gets("audio+video"));
    await ben.pictures();
  });

  callTest("a hostile peer harms no call with the others", async ({ ada, ben }) => {
    await watchSignals(ada);
    const three = await lab.openRoom(3);
    const mallory = await lab.openTab();
    await ada.sit(lab.seating(three, "Ada"));
    await ben.sit(lab.seating(three, "Ben"));
    await Promise.all([ada.connected(), ben.connected()]);
    const { roomToken, cursor } = await joinByHand(three);
    const [adaId, benId] = await Promise.all(
      [ada, ben].map(async (t) => (await t.report()).peerId),
    );
    const bodies: unknown[] = [
      null,
      1,
      "sdp",
      [],
      {},
      { me: 1, you: null, sdp: "v=0" },
      { me: "m", you: null, sdp: { a: 1 } },
      { me: "m", you: null, offerId: "o", sdp: "v=0\r\nnonsense" },
      { me: "m", you: null, candidates: "none" },
      {
        me: "m",
        you: null,
        candidates: [null, 1, { candidate: 7 }, { candidate: "x".repeat(9_000) }],
      },
      { me: "x".repeat(5_000), you: null, sdp: "v=0" },
      { me: "m", you: null, part: { index: 0, count: 1e9, text: "x" } },
      { me: "m", you: null, offerId: "p", part: { index: 3, count: 9, text: "x" } },
      { me: "m", you: null, refusal: "no" },
    ];
    const many = { candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0" };
    bodies.push({ me: "m", you: null, candidates: Array.from({ length: 400 }, () => many) });
    for (const to of [adaId, benId]) {
      for (const kind of ["offer", "answer", "candidates"]) {
        for (const body of bodies) {
          const payload = isObject(body) ? { ...body, seen: cursor } : body;
          const messages = [{ kind, payload: { fermata: ["m", ++sent], data: payload } }];
          await rpcFor(lab.baseUrl(), roomToken).mutate("signaling.send", {
            roomId: three.roomId,
            to,
            messages,
          });
        }
      }
    }
    // Each begins afresh, with something that could be answered.
    const { sdp } = await mallory.page.evaluate(async () => {
      const connection = new RTCPeerConnection();
      connection.createDataChannel("");
      return connection.createOffer();
    });
    const before = await ada.page.evaluate(() => window.connectionsMade ?? 0);
    for (let batch = 0; batch < 14; batch++) {
      const messages = Array.from({ length: 50 }, () => {
        const data = { me: `m${++sent}`, you: null, offerId: `o${sent}`, sdp, seen: cursor };
        return { kind: "offer", payload: { fermata: ["m", sent], data } };
      });
      const { roomId } = three;
      await rpcFor(lab.baseUrl(), roomToken).mutate("signaling.send", {
        roomId,
        to: adaId,
        messages,
      });
    }
    const isWell = ({ peers }: PeerReport) => peers.some(({ state }) => state === "connected");
    await Promise.all([ada, ben].map((tab) => tab.until("still in its call", isWell)));
    await ada.page.evaluate(() => window.page.sendOnly({ microphone: true }));
    const hears = ({ peers }: PeerReport) => peers.some(({ kinds }) => kinds === "audio");
    await ben.until("given a change by the other", hears);
    const made = await ada.page.evaluate(() => window.connectionsMade ?? 0);
    expect(made - before).toBeLessThan(100);
    await mallory.page.context().close();
  });

  callTest("a peer who floods its channels harms no call with the others", async (call) => {
    const { ada, ben } = call;
    const mallory = await lab.openTab();
    await Promise.all([ada, mallory].map(watchConnections));
    const three = await lab.openRoom(3);
    for (const [tab, name] of [
      [ada, "Ada"],
      [ben, "Ben"],
      [mallory, "Mallory"],
    ] as const) {
      await tab.sit(lab.seating(three, name), { withoutMedia: tab === mallory });
    }
    const areAllThere = ({ peers }: PeerReport) =>
      peers.filter(({ state }) => state === "connected").length === 2;
    await Promise.all([ada, ben, mallory].map((tab) => tab.until("with both", areAllThere)));
    await Promise.all(
      [ada, ben].map((tab) => tab.page.evaluate(() => window.page.showPresence("playing"))),
    );
    const changes = await ada.page.evaluateHandle(() => window.page.countPresence());

    const flooding = mallory.page.evaluate(async () => {
      const standing = window.connections.filter(
        ({ connectionState }) => connectionState === "connected",
      );
      await Promise.all(
        standing.map(async (connection) => {
          const flood = connection.createDataChannel("fermata.presence");
          for (let count = 0; count < 400; count++) connection.createDataChannel(`x${count}`);
          await new Promise((resolve) => flood.addEventListener("open", resolve));
          for (let count = 0; count < 5_000; count++) {
            flood.send(JSON.stringify({ state: `${count}`.padEnd(200), asks: true }));
            while (flood.bufferedAmount > 256 * 1024) {
              await new Promise((resolve) => setTimeout(resolve, 1));
            }
          }
        }),
      );
      return standing.length;
    });
    await call.bothSeePictures();
    await ben.say("still here?");
    await ada.until("told", ({ messages }) => messages.length > 0, 5_000);
    expect(await flooding).toBe(2);
    // Four and the newest in each 50 ms.
    expect(await changes.evaluate(({ perSecond }) => perSecond())).toBeLessThan(110);
    const open = await ada.page.evaluate(() => window.openChannels());
    expect(Math.max(...open)).toBeLessThanOrEqual(100);
    for (const tab of [ada, ben]) {
      expect((await tab.report()).states).not.toContain("reconnecting");
    }
    await mallory.page.context().close();
  });

  callTest("devices are changed in a call, and taken away", async (call) => {
    const { ada, ben } = call;
    await ada.page.context().grantPermissions(["camera", "microphone"]);
    await watchSignals(ada);
    await call.connect();
    await ada.page.evaluate(() => window.page.useDevices({ audio: true, video: true }));
    await ben.pictures();
    const offers = (await signalsOf(ada)).sizes.length;
    const changed = await ada.page.evaluate(async () => {
      const [, second] = (await navigator.mediaDevices.enumerateDevices()).filter(
        ({ kind }) => kind === "videoinput",
      );
      const { localStream } = window.page.room.getSnapshot();
      const [before] = localStream?.getVideoTracks() ?? [];
      const fresh = await navigator.mediaDevices.getUserMedia({
        video: { deviceId: { exact: second?.deviceId ?? "" } },
      });
      const [after] = fresh.getVideoTracks();
      if (!before || !after) throw new Error("no cameras");
      window.page.room.replaceTrack(before, after);
      before.stop();
      return { after: after.label };
    });
    // Of two simulated cameras Chromium encodes the first only, so it is not the picture that is looked at.
    expect(changed.after).toBe("fake_device_1");
    await expect
      .poll(() =>
        ada.page.evaluate(() =>
          window.lastConnection?.getSenders().map(({ track }) => track?.label),
        ),
      )
      .toContain(changed.after);
    expect((await signalsOf(ada)).sizes).toHaveLength(offers);
    // Browsers end the tracks of a device that is pulled out.
    await ada.page.evaluate(() => {
      const [camera] = window.page.room.getSnapshot().localStream?.getVideoTracks() ?? [];
      camera?.stop();
      camera?.dispatchEvent(new Event("ended"));
    });
    await ben.until("without a picture", gets("audio"));
    expect((await ada.report()).ended).toEqual(["video"]);
    await ada.page.evaluate(() => window.page.useDevices({ audio: true, video: true }));
    await ben.until("given the picture back", gets("audio+video"));
    await ben.pictures();
  });

  callTest("a permission that is taken away ends the picture on both sides", async (call) => {
    const { ada, ben } = call;
    await ada.page.context().grantPermissions(["camera", "microphone"]);
    await call.connect();
    await ada.page.evaluate(() => window.page.useDevices({ audio: true, video: true }));
    await ben.pictures();
    const session = await ada.page.context().browser()?.newBrowserCDPSession();
    const info = await (await ada.page.context().newCDPSession(ada.page)).send(
      "Target.getTargetInfo",
    );
    await session?.send("Browser.setPermission", {
      permission: { name: "camera" },
      setting: "denied",
      origin: new URL(ada.page.url()).origin,
      browserContextId: info.targetInfo.browserContextId,
    });
    await ada.until("told", ({ ended }) => ended.includes("video"));
    const hasNoPicture = ({ peers: [peer] }: PeerReport) => !peer?.kinds.includes("video");
    await ben.until("without a picture", hasNoPicture);
  });

  callTest("a shared screen comes beside the camera, and goes when it is closed", async (call) => {
    const { ada, ben } = call;
    await call.connect();
    const shared = await ada.page.context().newPage();
    await shared.setContent("<title>shared</title><h1 style='font-size:90px'>A score</h1>");
    await ada.page.bringToFront();
    await ada.page.evaluate(async () => {
      const { localStream } = window.page.room.getSnapshot();
      const screen = await navigator.mediaDevices.getDisplayMedia({ video: true });
      const tracks = [...(localStream?.getTracks() ?? []), ...screen.getVideoTracks()];
      window.page.room.setLocalStream(new MediaStream(tracks));
    });
    await ben.until("given the screen", gets("audio+video+video"));
    await shared.close();
    await ada.until("told", ({ ended }) => ended.length > 0);
    await ben.until("without the screen", gets("audio+video"));
    await call.bothSeePictures();
  });

  let sent = 0;

  async function joinByHand({ roomId, inviteToken }: { roomId: string; inviteToken: string }) {
    const displayName = "M".repeat(80);
    const { data } = await rpcFor(lab.baseUrl()).mutate("signaling.join", {
      roomId,
      inviteToken,
      displayName,
    });
    return data as { roomToken: string; cursor: string };
  }
});

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** From the next page on: keeps its newest connection, and what it sends. */
async function watchSignals({ page }: PeerTab): Promise<void> {
  await page.addInitScript(() => {
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        window.lastConnection = this;
        window.connectionsMade = (window.connectionsMade ?? 0) + 1;
      }
    };
    window.signals = { sizes: [], refused: [] };
    const fetchBefore = window.fetch;
    window.fetch = async (input, init) => {
      const response = await fetchBefore(input, init);
      const body = String(init?.body);
      if (body.includes('"kind":"offer"')) window.signals.sizes.push(body.length);
      if (response.status >= 400) window.signals.refused.push(response.status);
      return response;
    };
  });
}

/** From the next page on: keeps all connections, and what the others open over them. */
async function watchConnections({ page }: PeerTab): Promise<void> {
  await page.addInitScript(() => {
    const Native = window.RTCPeerConnection;
    const channelsOf: RTCDataChannel[][] = [];
    window.connections = [];
    window.openChannels = () =>
      channelsOf.map((all) => all.filter(({ readyState }) => readyState === "open").length);
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        const channels: RTCDataChannel[] = [];
        window.connections.push(this);
        channelsOf.push(channels);
        this.addEventListener("datachannel", ({ channel }) => channels.push(channel));
      }
    };
  });
}

function signalsOf({ page }: PeerTab) {
  return page.evaluate(() => window.signals);
}

declare global {
  interface Window {
    lastConnection?: RTCPeerConnection;
    connectionsMade?: number;
    connections: RTCPeerConnection[];
    openChannels(): number[];
    signals: { sizes: number[]; refused: number[] };
  }
}
