import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import { hasIpv6 } from "./setup/coturn";
import { type Call, inCall } from "./setup/in-call";
import type { PeerReport } from "./setup/peer-page-script";
import { installReleaseBefore } from "./setup/release-before";

const what = "calls between pages";

/** Nothing here ends the server or the relay, so these calls go on at the same time. */
describe.runIf(canCall(what))(what, { concurrent: true }, () => {
  let lab: CallLab;

  beforeAll(async () => {
    lab = await startCallLab();
  });
  afterAll(() => lab?.close());

  const callTest = (title: string, run: (call: Call) => Promise<void>) =>
    test(title, () => inCall(lab, run), 120_000);

  // First, since it waits the longest.
  callTest("a page that was frozen for thirty seconds takes part again", async (call) => {
    const { ada, ben } = call;
    await call.connect();
    const session = await ben.page.context().newCDPSession(ben.page);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await ada.say("while you slept");
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await call.connected();
    await call.bothSeePictures();
    const { messages } = await ben.until("told", (report) => report.messages.length > 0);
    expect(messages).toEqual([{ kind: "note", payload: "while you slept" }]);
  });

  callTest("two pages see each other move, over the relay, and say so", async (call) => {
    await call.connect();
    await call.bothSeePictures();
    const { peers } = await call.ada.until("measured", (report) => report.peers[0]?.route !== null);
    expect(peers).toMatchObject([{ displayName: "Ben", route: "relayed", tracks: 2 }]);
  });

  test.each([
    ["TCP, as where UDP is blocked", () => lab.relayUrls.tcp],
    ["TLS, as where only that looks like the web", () => lab.relayUrls.tls],
  ])(
    "the relay is reached over %s",
    (_, url) =>
      inCall(lab, async (call) => {
        await Promise.all(
          [call.ada, call.ben].map((tab) =>
            tab.changeIceServers((servers) =>
              servers.map((server) => ({ ...server, urls: [url()] })),
            ),
          ),
        );
        await call.connect();
        await call.bothSeePictures();
        const { peers } = await call.ada.until("measured", ({ peers: [peer] }) => !!peer?.route);
        expect(peers[0]?.route).toBe("relayed");
      }),
    120_000,
  );

  test.runIf(hasIpv6())("a side that has IPv6 only meets one that has IPv4", () =>
    inCall(lab, async (call) => {
      await call.ben.changeIceServers((servers) =>
        servers.map((server) => ({ ...server, urls: [lab.relayUrls.ipv6] })),
      );
      await call.connect();
      await call.bothSeePictures();
    }),
  );

  callTest("credentials that have expired are named within ten seconds", async (call) => {
    const expired = lab.relayCredentials(Date.now() - 3_600_000);
    await call.ben.changeIceServers((servers) =>
      servers.map((server) => (server.username ? { ...server, ...expired } : server)),
    );
    await call.sit();
    const hasFailed = ({ peers }: PeerReport) => peers[0]?.state === "failed";
    const { peers } = await call.ben.until("failed", hasFailed, 10_000);
    expect(peers[0]?.failure).toMatchObject({
      code: "relay-refused",
      message: expect.stringMatching(/Ada.*credentials/),
    });
  });

  callTest("credentials that expired before they were used are replaced unasked", async (call) => {
    const expired = lab.relayCredentials(Date.now() - 3_600_000);
    let answers = 0;
    await call.ben.changeIceServers((servers) =>
      answers++ > 0
        ? servers
        : servers.map((server) => (server.username ? { ...server, ...expired } : server)),
    );
    await call.connect();
    expect(answers).toBeGreaterThan(1);
  });

  callTest("a page of the release before and one of today see each other", async ({ ada }) => {
    const before = await installReleaseBefore();
    const old = await lab.openTabWith(before.entry);
    try {
      // Each joins once as the one who comes, and once as the one who waits.
      for (const [first, second] of [
        [ada, old],
        [old, ada],
      ] as const) {
        const room = await lab.openRoom();
        await first.sit(lab.seating(room, "First"));
        await first.until("joined", ({ status }) => status === "joined");
        await second.sit(lab.seating(room, "Second"));
        await Promise.all([first.pictures(), second.pictures()]);
        await first.say("hello");
        const isTold = ({ messages }: PeerReport) => messages.length > 0;
        expect((await second.until("told", isTold)).messages).toEqual([
          { kind: "note", payload: "hello" },
        ]);
      }
      expect(await old.page.evaluate(() => "prepare" in window.page.room)).toBe(false);
    } finally {
      await old.page.context().close();
      await before.remove();
    }
  });

  callTest("pages that may use every path connect as well", async (call) => {
    await call.sit({ iceTransportPolicy: "all" });
    await call.bothSeePictures();
    await call.ada.until("measured", (report) => report.peers[0]?.route !== null);
  });

  callTest("data go from page to page", async (call) => {
    const { ada, ben } = call;
    await call.connect();
    await expect.poll(() => ada.page.evaluate(() => window.page.keys.openPeers().length)).toBe(1);
    await ben.page.evaluate(() => {
      window.page.keys.on("message", ({ data }) => window.page.keys.send(`heard ${data}`));
    });
    // The channel is lossy, as keys are.
    await expect
      .poll(async () => {
        await ada.page.evaluate(() => window.page.keys.send("C4 down"));
        return (await ada.report()).received;
      })
      .toContain("heard C4 down");
  });

  callTest("a room without pictures connects, and a camera can come later", async (call) => {
    const { ada, ben, room } = call;
    await ada.sit(lab.seating(room, "Ada"), { withoutMedia: true });
    await ben.sit(lab.seating(room, "Ben"), { withoutMedia: true });
    expect((await ada.connected()).peers[0]?.tracks).toBe(0);
    await ben.page.evaluate(() => window.page.turnCameraOn());
    await ada.pictures();
    await ben.page.evaluate(() => window.page.room.setLocalStream(null));
    await ada.until("without tracks", ({ peers }) => peers[0]?.tracks === 0);
    expect((await ada.report()).peers[0]?.state).toBe("connected");
  });

  callTest(
    "pages that join at the same moment connect, and so do those that offer at the same moment",
    async (call) => {
      const { ada, ben, room } = call;
      await Promise.all([ada.sit(lab.seating(room, "Ada")), ben.sit(lab.seating(room, "Ben"))]);
      await call.connected();
      for (const round of [1, 2, 3]) {
        await Promise.all(
          [ada, ben].map((tab) => tab.page.evaluate(() => window.page.addPicture())),
        );
        const hasOneMore = ({ peers }: PeerReport) => peers[0]?.tracks === 2 + round;
        await Promise.all([ada, ben].map((tab) => tab.until("given a track", hasOneMore)));
      }
      await call.bothSeePictures();
    },
  );

  callTest("three of them connect each to each", async ({ ada, ben }) => {
    const three = await lab.openRoom(3);
    const cleo = await lab.openTab();
    const tabs = [ada, ben, cleo];
    await ada.sit(lab.seating(three, "Ada"));
    await ada.until("joined", ({ status }) => status === "joined");
    // Both of these are polite.
    await Promise.all([ben.sit(lab.seating(three, "Ben")), cleo.sit(lab.seating(three, "Cleo"))]);
    const meetsBoth = ({ peers }: PeerReport) =>
      peers.filter(({ state }) => state === "connected").length === 2;
    await Promise.all(tabs.map((tab) => tab.until("with both others", meetsBoth)));
    await cleo.page.context().close();
  });

  callTest(
    "a page that is reloaded comes back to its seat, and hears what was said meanwhile",
    async (call) => {
      const { ada, ben, room } = call;
      await call.connect();
      const { peerId } = await ben.report();
      await ben.page.goto("about:blank");
      await ada.say("while you were away");
      await ben.sit(lab.seating(room, "Ben"));
      const afterwards = await ben.connected();
      expect(afterwards.peerId).toBe(peerId);
      expect(afterwards.messages).toEqual([{ kind: "note", payload: "while you were away" }]);
      expect((await ada.connected()).peers).toMatchObject([{ peerId, state: "connected" }]);
      await call.bothSeePictures();
    },
  );

  callTest("pages that are reloaded at the same moment find each other again", async (call) => {
    const { ada, ben, room } = call;
    await call.connect();
    await Promise.all([ada.sit(lab.seating(room, "Ada")), ben.sit(lab.seating(room, "Ben"))]);
    await call.connected();
    await call.bothSeePictures();
  });

  callTest("who is put out learns it, and the other side sees an empty seat", async (call) => {
    const { ada, ben, room } = call;
    await call.connect();
    const { peerId } = await ben.report();
    await lab.owner.mutate("signaling.kick", { roomId: room.roomId, peerId });
    await ben.until("kicked", ({ status }) => status === "kicked", 5_000);
    const isAlone = ({ peers }: PeerReport) => peers[0]?.state === "left";
    await ada.until("alone", isAlone, 5_000);
  });

  callTest("a second tab on the same seat takes it over", async (call) => {
    const { ben, room } = call;
    await call.connect();
    const { peerId } = await ben.report();
    const [opened] = await Promise.all([
      ben.page.waitForEvent("popup"),
      // A tab opened by another begins with a copy of its session.
      ben.page.evaluate(() => window.open(location.href)),
    ]);
    const second = ben.inTab(opened);
    await second.sit(lab.seating(room, "Ben"));
    expect((await second.connected()).peerId).toBe(peerId);
    expect((await ben.report()).status).toBe("replaced");
  });

  callTest("a full room and a closed one are told apart", async (call) => {
    const { ada, room } = call;
    await call.connect();
    const cleo = await lab.openTab();
    await cleo.sit(lab.seating(room, "Cleo"));
    await cleo.until("turned away", ({ status }) => status === "full");
    await lab.owner.mutate("signaling.closeRoom", { roomId: room.roomId });
    await ada.until("told of the end", ({ status }) => status === "closed");
    await cleo.sit(lab.seating(room, "Cleo"));
    await cleo.until("turned away", ({ status }) => status === "closed");
    await cleo.sit(lab.seating({ ...room, inviteToken: "made up" }, "Cleo"));
    await cleo.until("turned away", ({ status }) => status === "refused");
    await cleo.page.context().close();
  });

  callTest("a page can give its seat up when it goes", async ({ ada, ben, room }) => {
    await ada.sit(lab.seating(room, "Ada"));
    await ben.sit(lab.seating(room, "Ben", { leaveOnPageHide: true }));
    await ada.connected();
    await ben.page.goto("about:blank");
    await ada.until("alone", ({ peers }) => peers[0]?.state === "left", 5_000);
  });

  callTest(
    "a page whose network goes away says so, and comes back with what it missed",
    async (call) => {
      const { ada, ben } = call;
      await call.connect();
      await ben.page.context().setOffline(true);
      await ben.until("cut off", ({ signaling }) => signaling === "offline");
      await ada.say("while you were away");
      const unsent = ben.say("from the dark");
      await ben.page.context().setOffline(false);
      await ben.until("back", ({ status }) => status === "joined", 10_000);
      await unsent;
      const isHeard = ({ messages }: PeerReport) => messages.length > 0;
      expect((await ben.until("told", isHeard)).messages).toEqual([
        { kind: "note", payload: "while you were away" },
      ]);
      expect((await ada.until("told", isHeard)).messages).toEqual([
        { kind: "note", payload: "from the dark" },
      ]);
      await call.bothSeePictures();
    },
  );
});
