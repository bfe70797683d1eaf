import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import { startFaultProxy } from "./setup/fault-proxy";
import { type Call, inCall } from "./setup/in-call";
import type { PeerReport } from "./setup/peer-page-script";

const what = "seats of pages that come and go";

describe.runIf(canCall(what))(what, { concurrent: true }, () => {
  let lab: CallLab;

  beforeAll(async () => {
    lab = await startCallLab();
  });
  afterAll(() => lab?.close());

  const callTest = (title: string, run: (call: Call) => Promise<void>) =>
    test(title, () => inCall(lab, run), 120_000);

  const isJoined = ({ status }: PeerReport) => status === "joined";
  const isFull = ({ status }: PeerReport) => status === "full";

  callTest("a page that is kept for the back button takes its seat again", async (call) => {
    const { ada, ben } = call;
    await call.connect();
    const { peerId } = await ben.report();
    // Chromium keeps no page that has a call; others do.
    const turn = (type: "pagehide" | "pageshow") =>
      ben.page.evaluate(
        (name) => window.dispatchEvent(new PageTransitionEvent(name, { persisted: true })),
        type,
      );
    await turn("pagehide");
    await ada.until("told", ({ peers: [peer] }) => peer?.state === "left", 30_000);
    await turn("pageshow");
    await call.connected(30_000);
    await call.bothSeePictures();
    expect((await ben.report()).peerId).toBe(peerId);
  });

  callTest("who leaves while joining and joins again gets a seat, every time", async (call) => {
    const { ada, ben, room } = call;
    await ada.sit(lab.seating(room, "Ada"));
    await ben.page.goto(ben.address);
    for (const pauseMs of [0, 0, 5, 10, 20, 40, 80, 150, 300]) {
      const status = await ben.page.evaluate(
        async ([seating, pause]) => {
          const page = new window.PeerPage(seating);
          await new Promise((resolve) => setTimeout(resolve, pause));
          void page.room.leave();
          const next = new window.PeerPage(seating);
          await next.room.join().catch(() => {});
          const { status } = next.room.getSnapshot();
          await next.room.leave();
          return status;
        },
        [lab.seating(room, "Ben"), pauseMs] as const,
      );
      expect(status).toBe("joined");
    }
  });

  callTest("nobody finds an own ghost in the seat, however late the server is", async (call) => {
    const { ada, ben, room } = call;
    const proxy = await startFaultProxy(lab.baseUrl());
    try {
      await ada.sit(lab.seating(room, "Ada"));
      await ben.page.goto(ben.address);
      const seating = { ...lab.seating(room, "Ben"), baseUrl: proxy.origin };
      const leaveAndJoin = (isJoined: boolean) =>
        ben.page.evaluate(
          async ([given, waits]) => {
            const { room } = new window.PeerPage(given);
            // With a join that waits for its answer, or with a seat.
            if (waits) await room.join();
            else await new Promise((resolve) => setTimeout(resolve, 200));
            void room.leave();
            const next = new window.PeerPage(given).room;
            await next.join().catch(() => {});
            const { status } = next.getSnapshot();
            await next.leave();
            return status;
          },
          [seating, isJoined] as const,
        );
      proxy.plan(({ url }) => (url?.includes("signaling.leave") ? { requestMs: 1_500 } : null));
      expect(await leaveAndJoin(true)).toBe("joined");
      // Longer than a page waits for what it gave up.
      proxy.plan(({ url }, count) =>
        url?.includes("signaling.join") && count === 1 ? { answerMs: 4_500 } : null,
      );
      expect(await leaveAndJoin(false)).toBe("joined");
      proxy.plan(({ url }, count) =>
        url?.includes("signaling.leave") && count === 1 ? "busy" : null,
      );
      expect(await leaveAndJoin(true)).toBe("joined");
      expect(proxy.faults()).toBe(1);
    } finally {
      await proxy.close();
    }
  });

  callTest("a page that is reloaded while it joins finds the room as it was", async (call) => {
    const { ada, ben, room } = call;
    await ada.sit(lab.seating(room, "Ada"));
    for (const pauseMs of [0, 5, 10, 20, 40]) {
      await ben.sit(lab.seating(room, "Ben"));
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    await ben.sit(lab.seating(room, "Ben"));
    await ben.until("joined", isJoined, 10_000);
  });

  callTest("whoever finds the room full gets the seat of a tab that is closed", async (call) => {
    const { ada, ben, room } = call;
    await call.connect();
    const cleo = await lab.openTab();
    await cleo.sit(lab.seating(room, "Cleo"));
    const { nextTryInMs } = await cleo.until("told to wait", isFull);
    expect(nextTryInMs).toBeGreaterThan(0);
    await ben.page.close({ runBeforeUnload: true });
    await cleo.until("seated", isJoined, 12_000);
    const isWithCleo = ({ peers }: PeerReport) =>
      peers.some(({ displayName, state }) => displayName === "Cleo" && state === "connected");
    await ada.until("with the one who waited", isWithCleo, 15_000);
    await cleo.page.context().close();
  });

  callTest("a reload keeps its seat, though somebody waits for one", async (call) => {
    const { ben, room } = call;
    await call.connect();
    const { peerId } = await ben.report();
    const cleo = await lab.openTab();
    await cleo.sit(lab.seating(room, "Cleo"));
    await cleo.until("told to wait", isFull);
    await ben.sit(lab.seating(room, "Ben"));
    expect((await ben.connected()).peerId).toBe(peerId);
    expect((await cleo.report()).status).toBe("full");
    await cleo.page.evaluate(() => window.page.room.leave());
    await cleo.page.context().close();
  });

  callTest(
    "the other side sees a closed tab go within ten seconds",
    async ({ ada, ben, ...call }) => {
      await call.connect();
      await ben.page.close({ runBeforeUnload: true });
      await ada.until("alone", ({ peers }) => peers[0]?.state === "left", 10_000);
    },
  );

  callTest("after a crash a new tab of the same browser gets its own seat back", async (call) => {
    const { ada, ben, room } = call;
    await call.connect();
    const { peerId } = await ben.report();
    await ada.say("to the one who crashed");
    const session = await ben.page.context().newCDPSession(ben.page);
    session.send("Page.crash").catch(() => {});
    await ben.page.waitForEvent("crash");
    const again = ben.inTab(await ben.page.context().newPage());
    await again.sit(lab.seating(room, "Ben"));
    expect((await again.connected()).peerId).toBe(peerId);
    expect((await ada.connected()).peers).toMatchObject([{ peerId, state: "connected" }]);
    // While its tab lives, a second tab is somebody else.
    const other = ben.inTab(await ben.page.context().newPage());
    await other.sit(lab.seating(room, "Ben"));
    await other.until("turned away", isFull);
    expect((await again.report()).status).toBe("joined");
  });

  callTest("a channel that was closed hears again when it is asked for again", async (call) => {
    const { ada, ben } = call;
    await call.connect();
    await ben.page.evaluate(() => {
      const { room } = window.page;
      room.channel("chat").close();
      window.heard = [];
      room.channel("chat").on("message", ({ data }) => window.heard.push(data));
    });
    await ada.page.evaluate(() => window.page.room.channel("chat"));
    await expect
      .poll(async () => {
        await ada.page.evaluate(() => window.page.room.channel("chat").send("again"));
        return ben.page.evaluate(() => window.heard.length);
      })
      .toBeGreaterThan(0);
    await ben.page.evaluate(() => {
      const { room } = window.page;
      room.channel("chat").close();
      window.heard = [];
      room.channel("chat").on("message", ({ data }) => window.heard.push(data));
    });
    await expect
      .poll(async () => {
        await ada.page.evaluate(() => window.page.room.channel("chat").send("and again"));
        return ben.page.evaluate(() => window.heard.length);
      })
      .toBeGreaterThan(0);
  });

  callTest("a channel that is full says so for that peer, and drains", async (call) => {
    const { ada, ben } = call;
    await call.connect();
    await ben.page.evaluate(() => window.page.room.channel("bulk"));
    const seen = await ada.page.evaluate(async () => {
      const bulk = window.page.room.channel("bulk");
      const errors: string[] = [];
      bulk.on("error", ({ error }) => errors.push(error.code));
      while (bulk.openPeers().length === 0) await new Promise((next) => setTimeout(next, 50));
      const piece = new ArrayBuffer(64 * 1024);
      for (let count = 0; count < 600 && errors.length === 0; count++) bulk.send(piece);
      await bulk.drained();
      const left = bulk.bufferedBytes();
      let tooLong = "";
      try {
        bulk.send(new ArrayBuffer(64 * 1024 + 1));
      } catch (error) {
        tooLong = (error as { code: string }).code;
      }
      return { errors, left, sent: bulk.send("more"), tooLong };
    });
    expect(seen.errors).toEqual(["CHANNEL_FULL"]);
    expect(seen.left).toBeLessThanOrEqual(256 * 1024);
    expect(seen).toMatchObject({ sent: 1, tooLong: "PAYLOAD_TOO_LARGE" });
  });

  callTest("a call begins within seconds behind a proxy that holds streams back", async (call) => {
    const { ada, ben, room } = call;
    const proxy = await startFaultProxy(lab.baseUrl());
    try {
      let isHeldBack = true;
      proxy.plan(({ url }) => (isHeldBack && url?.includes("signaling.messages") ? "hang" : null));
      const through = { baseUrl: proxy.origin };
      await ada.sit({ ...lab.seating(room, "Ada"), ...through });
      await ada.until("pulling", ({ signaling }) => signaling === "polling", 5_000);
      await ben.sit({ ...lab.seating(room, "Ben"), ...through });
      await call.connected(10_000);
      await call.bothSeePictures();
      expect((await ben.report()).states).not.toContain("failed");
      isHeldBack = false;
      await ada.until("back on a stream", ({ signaling }) => signaling === "stream", 40_000);
    } finally {
      await proxy.close();
    }
  });
});

declare global {
  interface Window {
    heard: unknown[];
  }
}
