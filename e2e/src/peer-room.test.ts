import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import type { PeerReport } from "./setup/peer-page-script";
import type { PeerTab } from "./setup/peer-pages";
import type { TestRoom } from "./setup/rooms";

const what = "calls between pages";

describe.runIf(canCall(what))(what, () => {
  let lab: CallLab;
  let room: TestRoom;
  let ada: PeerTab;
  let ben: PeerTab;

  beforeAll(async () => {
    lab = await startCallLab();
  });
  afterAll(() => lab?.close());

  beforeEach(async () => {
    room = await lab.openRoom();
    [ada, ben] = await Promise.all([lab.openTab(), lab.openTab()]);
  });
  afterEach(() => lab.closeTabs());

  const connect = async () => {
    await ada.sit(lab.seating(room, "Ada"));
    await ben.sit(lab.seating(room, "Ben"));
    await Promise.all([ada.connected(), ben.connected()]);
  };

  test("two pages see each other move, over the relay, and say so", async () => {
    await connect();
    await Promise.all([ada.pictures(), ben.pictures()]);
    const { peers } = await ada.until("measured", (report) => report.peers[0]?.route !== null);
    expect(peers).toMatchObject([{ displayName: "Ben", route: "relayed", tracks: 2 }]);
  });

  test("pages that may use every path connect as well", async () => {
    const options = { iceTransportPolicy: "all" } as const;
    await ada.sit(lab.seating(room, "Ada", options));
    await ben.sit(lab.seating(room, "Ben", options));
    await Promise.all([ada.pictures(), ben.pictures()]);
    await ada.until("measured", (report) => report.peers[0]?.route !== null);
  });

  test("data go from page to page", async () => {
    await connect();
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

  test("a room without pictures connects, and a camera can come later", async () => {
    await ada.sit(lab.seating(room, "Ada"), { withoutMedia: true });
    await ben.sit(lab.seating(room, "Ben"), { withoutMedia: true });
    expect((await ada.connected()).peers[0]?.tracks).toBe(0);
    await ben.page.evaluate(() => window.page.turnCameraOn());
    await ada.pictures();
    await ben.page.evaluate(() => window.page.room.setLocalStream(null));
    await ada.until("without tracks", ({ peers }) => peers[0]?.tracks === 0);
    expect((await ada.report()).peers[0]?.state).toBe("connected");
  });

  test("pages that join at the same moment connect, and so do those that offer at the same moment", async () => {
    await Promise.all([ada.sit(lab.seating(room, "Ada")), ben.sit(lab.seating(room, "Ben"))]);
    await Promise.all([ada.connected(), ben.connected()]);
    for (const round of [1, 2, 3]) {
      await Promise.all([ada, ben].map((tab) => tab.page.evaluate(() => window.page.addPicture())));
      const hasOneMore = ({ peers }: PeerReport) => peers[0]?.tracks === 2 + round;
      await Promise.all([ada, ben].map((tab) => tab.until("given a track", hasOneMore)));
    }
    await Promise.all([ada.pictures(), ben.pictures()]);
  });

  test("three of them connect each to each", async () => {
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
  });

  test("a page that is reloaded comes back to its seat, and hears what was said meanwhile", async () => {
    await connect();
    const { peerId } = await ben.report();
    await ben.page.goto("about:blank");
    await ada.say("while you were away");
    await ben.sit(lab.seating(room, "Ben"));
    const afterwards = await ben.connected();
    expect(afterwards.peerId).toBe(peerId);
    expect(afterwards.messages).toEqual([{ kind: "note", payload: "while you were away" }]);
    expect((await ada.connected()).peers).toMatchObject([{ peerId, state: "connected" }]);
    await Promise.all([ada.pictures(), ben.pictures()]);
  });

  test("pages that are reloaded at the same moment find each other again", async () => {
    await connect();
    await Promise.all([ada.sit(lab.seating(room, "Ada")), ben.sit(lab.seating(room, "Ben"))]);
    await Promise.all([ada.connected(), ben.connected()]);
    await Promise.all([ada.pictures(), ben.pictures()]);
  });

  test("who is put out learns it, and the other side sees an empty seat", async () => {
    await connect();
    const { peerId } = await ben.report();
    await lab.owner.mutate("signaling.kick", { roomId: room.roomId, peerId });
    await ben.until("kicked", ({ status }) => status === "kicked", 5_000);
    const isAlone = ({ peers }: PeerReport) => peers[0]?.state === "left";
    await ada.until("alone", isAlone, 5_000);
  });

  test("a second tab on the same seat takes it over", async () => {
    await connect();
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

  test("a full room and a closed one are told apart", async () => {
    await connect();
    const cleo = await lab.openTab();
    await cleo.sit(lab.seating(room, "Cleo"));
    await cleo.until("turned away", ({ status }) => status === "full");
    await lab.owner.mutate("signaling.closeRoom", { roomId: room.roomId });
    await ada.until("told of the end", ({ status }) => status === "closed");
    await cleo.sit(lab.seating(room, "Cleo"));
    await cleo.until("turned away", ({ status }) => status === "closed");
    await cleo.sit(lab.seating({ ...room, inviteToken: "made up" }, "Cleo"));
    await cleo.until("turned away", ({ status }) => status === "refused");
  });

  test("a page can give its seat up when it goes", async () => {
    await ada.sit(lab.seating(room, "Ada"));
    await ben.sit(lab.seating(room, "Ben", { leaveOnPageHide: true }));
    await ada.connected();
    await ben.page.goto("about:blank");
    await ada.until("alone", ({ peers }) => peers[0]?.state === "left", 5_000);
  });
});
