import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import { type FaultProxy, startFaultProxy } from "./setup/fault-proxy";
import type { PeerReport } from "./setup/peer-page-script";
import type { PeerTab } from "./setup/peer-pages";
import type { TestRoom } from "./setup/rooms";

const what = "calls that recover";

describe.runIf(canCall(what))(what, () => {
  let lab: CallLab;
  let room: TestRoom;
  let ada: PeerTab;
  let ben: PeerTab;
  let proxy: FaultProxy | null = null;

  beforeAll(async () => {
    lab = await startCallLab();
  });
  afterAll(() => lab?.close());

  beforeEach(async () => {
    room = await lab.openRoom();
    [ada, ben] = await Promise.all([lab.openTab(), lab.openTab()]);
  });
  afterEach(async () => {
    await lab.closeTabs();
    await proxy?.close();
    proxy = null;
  });

  const connect = async () => {
    await ada.sit(lab.seating(room, "Ada"));
    await ben.sit(lab.seating(room, "Ben"));
    await Promise.all([ada.connected(), ben.connected()]);
  };
  const bothSeePictures = () => Promise.all([ada.pictures(), ben.pictures()]);

  test("media come back by themselves after the relay died", async () => {
    await connect();
    await lab.coturn.kill();
    const isBroken = ({ peers }: PeerReport) => peers[0]?.state === "reconnecting";
    await Promise.all([ada, ben].map((tab) => tab.until("broken", isBroken, 30_000)));
    await lab.coturn.start(lab.relaySecret);
    await Promise.all([ada.connected(20_000), ben.connected(20_000)]);
    await bothSeePictures();
  }, 120_000);

  test("a relay that refuses the credentials is named within ten seconds", async () => {
    await lab.coturn.start("another secret");
    try {
      await ada.sit(lab.seating(room, "Ada"));
      await ben.sit(lab.seating(room, "Ben"));
      const hasFailed = ({ peers }: PeerReport) => peers[0]?.state === "failed";
      const { peers } = await ben.until("failed", hasFailed, 10_000);
      expect(peers[0]?.failure?.code).toBe("relay-refused");
      expect(peers[0]?.failure?.message).toContain("Ada");
    } finally {
      await lab.coturn.start(lab.relaySecret);
    }
    await ben.page.evaluate(() => window.page.room.retry());
    await Promise.all([ada.connected(30_000), ben.connected(30_000)]);
  }, 90_000);

  test("a relay that does not answer is told from one that refuses", async () => {
    await lab.coturn.kill();
    try {
      await ada.sit(lab.seating(room, "Ada"));
      await ben.sit(lab.seating(room, "Ben"));
      const hasFailed = ({ peers }: PeerReport) => peers[0]?.state === "failed";
      const { peers } = await ben.until("failed", hasFailed, 20_000);
      expect(peers[0]?.failure?.code).toBe("relay-unreachable");
    } finally {
      await lab.coturn.start(lab.relaySecret);
    }
    // Nobody clicks.
    await Promise.all([ada.connected(30_000), ben.connected(30_000)]);
  }, 90_000);

  test("every message arrives once and in order over streams that are cut and answers that are lost", async () => {
    proxy = await startFaultProxy(lab.baseUrl());
    proxy.plan(({ url }, count) => {
      if (url?.includes("signaling.messages")) return "cut";
      return url?.includes("signaling.send") && count % 5 === 0 ? "lose-answer" : null;
    });
    const throughProxy = { baseUrl: proxy.origin };
    await ada.sit({ ...lab.seating(room, "Ada"), ...throughProxy });
    await ben.sit({ ...lab.seating(room, "Ben"), ...throughProxy });
    await Promise.all([ada.connected(30_000), ben.connected(30_000)]);

    const count = 600;
    await ada.page.evaluate(async (last) => {
      const sent: Promise<void>[] = [];
      for (let number = 1; number <= last; number++) {
        sent.push(window.page.room.send("count", number));
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await Promise.all(sent);
    }, count);
    const { messages } = await ben.until(
      "told everything",
      (report) => report.messages.length >= count,
    );
    expect(messages).toEqual(
      Array.from({ length: count }, (_, index) => ({ kind: "count", payload: index + 1 })),
    );
    expect(proxy.faults()).toBeGreaterThan(20);
    await bothSeePictures();
  }, 120_000);

  test("a page whose network goes away says so, and comes back with what it missed", async () => {
    await connect();
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
    await bothSeePictures();
  }, 120_000);

  test("a server that restarts while two pages negotiate only delays them", async () => {
    await ada.sit(lab.seating(room, "Ada"));
    await ada.until("joined", ({ status }) => status === "joined");
    await ben.sit(lab.seating(room, "Ben"));
    await ben.until("joined", ({ status }) => status === "joined");
    await lab.restartServer();
    await Promise.all([ada.connected(40_000), ben.connected(40_000)]);
    await bothSeePictures();
  }, 120_000);

  test("a call goes on while the server is away", async () => {
    await connect();
    await lab.restartServer(async () => {
      await ada.until("cut off", ({ status }) => status === "reconnecting");
      await bothSeePictures();
    });
    await ada.until("back", ({ status }) => status === "joined", 20_000);
    const { states } = await ada.report();
    expect(states.filter((state) => state === "connected")).toHaveLength(1);
  }, 120_000);

  test("a page that was frozen for thirty seconds takes part again", async () => {
    await connect();
    const session = await ben.page.context().newCDPSession(ben.page);
    await session.send("Page.setWebLifecycleState", { state: "frozen" });
    await ada.say("while you slept");
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    await session.send("Page.setWebLifecycleState", { state: "active" });
    await Promise.all([ada.connected(), ben.connected()]);
    await bothSeePictures();
    const { messages } = await ben.until("told", (report) => report.messages.length > 0);
    expect(messages).toEqual([{ kind: "note", payload: "while you slept" }]);
  }, 120_000);
});
