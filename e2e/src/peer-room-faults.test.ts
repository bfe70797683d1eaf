import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import { startFaultProxy } from "./setup/fault-proxy";
import { type Call, inCall } from "./setup/in-call";
import type { PeerReport } from "./setup/peer-page-script";
import { startUdpNat } from "./setup/udp-nat";

const what = "calls that recover";
/** Types of a relay's answers. */
const allocated = 0x0103;
const notAllocated = 0x0113;

/** Each of these ends the server or the relay under the call, so they go one after another. */
describe.runIf(canCall(what))(what, () => {
  let lab: CallLab;

  beforeAll(async () => {
    lab = await startCallLab();
  });
  afterAll(() => lab?.close());

  const callTest = (title: string, run: (call: Call) => Promise<void>) =>
    test(title, () => inCall(lab, run), 120_000);

  const hasFailed = ({ peers }: PeerReport) => peers[0]?.state === "failed";

  callTest("media come back by themselves after the relay died", async (call) => {
    await call.connect();
    await lab.coturn.kill();
    const isBroken = ({ peers }: PeerReport) => peers[0]?.state === "reconnecting";
    await Promise.all([call.ada, call.ben].map((tab) => tab.until("broken", isBroken, 30_000)));
    await lab.coturn.start(lab.relaySecret);
    await call.connected(20_000);
    await call.bothSeePictures();
  });

  callTest(
    "a relay that restarted while somebody waited is asked for another place",
    async (call) => {
      const { ada, ben, room } = call;
      await ada.sit(lab.seating(room, "Ada"));
      // Long enough for the place that it looks for ahead.
      await ada.page.waitForTimeout(1_000);
      await lab.coturn.start(lab.relaySecret);
      await ben.sit(lab.seating(room, "Ben"));
      await call.connected(30_000);
      await call.bothSeePictures();
    },
  );

  callTest("a relay that refuses the credentials is named within ten seconds", async (call) => {
    await lab.coturn.start("another secret");
    try {
      await call.sit();
      const { peers } = await call.ben.until("failed", hasFailed, 10_000);
      expect(peers[0]?.failure?.code).toBe("relay-refused");
      expect(peers[0]?.failure?.message).toContain("Ada");
    } finally {
      await lab.coturn.start(lab.relaySecret);
    }
    await call.ben.page.evaluate(() => window.page.room.retry());
    await call.connected(30_000);
  });

  callTest("a relay whose nonces go stale keeps the call", async (call) => {
    // Each place is renewed after two seconds, and each renewal is refused first.
    await lab.coturn.start(lab.relaySecret, ["stale-nonce=1", "max-allocate-lifetime=4"]);
    try {
      await call.connect();
      await new Promise((resolve) => setTimeout(resolve, 9_000));
      await call.bothSeePictures();
      for (const tab of [call.ada, call.ben]) {
        const { states } = await tab.report();
        expect(states).not.toContain("reconnecting");
      }
    } finally {
      await lab.coturn.start(lab.relaySecret);
    }
  });

  callTest(
    "a relay that holds the port for a page that was killed gives a place on another one",
    async (call) => {
      const nat = await startUdpNat(lab.coturn.port);
      const urls = [`turn:127.0.0.1:${nat.port}?transport=udp`];
      const killed = await lab.openTab();
      try {
        await killed.page.goto(killed.address);
        await killed.page.evaluate(
          async (server) => {
            const iceTransportPolicy = "relay";
            const connection = new RTCPeerConnection({ iceServers: [server], iceTransportPolicy });
            connection.createDataChannel("");
            await connection.setLocalDescription();
            await new Promise<void>((resolve) => {
              connection.onicecandidate = ({ candidate }) => candidate && resolve();
            });
          },
          { urls, ...lab.relayCredentials(Date.now() + 3_600_000) },
        );
        nat.reusePort();
        await killed.page.context().close();

        await call.ben.changeIceServers((servers) =>
          servers.map((server) => (server.username ? { ...server, urls } : server)),
        );
        await call.connect();
        await call.bothSeePictures();
        const [reused, other] = nat.flows();
        // It was refused, which the browser does not heed.
        expect(reused?.answers).not.toContain(allocated);
        expect(reused?.answers).toContain(notAllocated);
        // Well before it gives up, and before the next attempt would be due.
        expect((other?.beganAtMs ?? 0) - (reused?.beganAtMs ?? 0)).toBeLessThan(6_500);
      } finally {
        nat.close();
      }
    },
  );

  callTest("a relay that does not answer is told from one that refuses", async (call) => {
    await lab.coturn.kill();
    try {
      await call.sit({ iceTransportPolicy: "relay", connectTimeoutSeconds: 7 });
      const { peers } = await call.ben.until("failed", hasFailed, 10_000);
      expect(peers[0]?.failure?.code).toBe("relay-unreachable");
    } finally {
      await lab.coturn.start(lab.relaySecret);
    }
    // Nobody clicks.
    await call.connected(30_000);
  });

  callTest("a server that restarts while two pages negotiate only delays them", async (call) => {
    const { ada, ben, room } = call;
    await ada.sit(lab.seating(room, "Ada"));
    await ada.until("joined", ({ status }) => status === "joined");
    await ben.sit(lab.seating(room, "Ben"));
    await ben.until("joined", ({ status }) => status === "joined");
    await lab.restartServer();
    await call.connected(40_000);
    await call.bothSeePictures();
  });

  callTest("a call goes on while the server is away", async (call) => {
    const { ada } = call;
    await call.connect();
    await lab.restartServer(async () => {
      await ada.until("cut off", ({ status }) => status === "reconnecting");
      await call.bothSeePictures();
    });
    await ada.until("back", ({ status }) => status === "joined", 20_000);
    const { states } = await ada.report();
    expect(states.filter((state) => state === "connected")).toHaveLength(1);
  });

  callTest(
    "a change that the server does not take is told of, and arrives at last",
    async (call) => {
      const { ada, ben } = call;
      await call.connect();
      await ada.page.route(/signaling\.send/, (route) =>
        route.fulfill({ status: 503, body: "The database is away." }),
      );
      await ada.page.evaluate(() => window.page.sendOnly({ microphone: true }));
      const isTold = ({ status, peers }: PeerReport) =>
        status === "reconnecting" && peers[0]?.notice === "change-unanswered";
      const { signaling, peers } = await ada.until("told", isTold, 15_000);
      expect([signaling, peers[0]?.state]).toEqual(["offline", "connected"]);
      expect((await ben.report()).peers[0]?.kinds).toBe("audio+video");

      await ada.page.unroute(/signaling\.send/);
      const isBack = ({ status, peers }: PeerReport) =>
        status === "joined" && peers[0]?.notice === null;
      expect((await ada.until("back", isBack, 15_000)).signaling).toBe("stream");
      await ben.until("shown no picture", (report) => report.peers[0]?.kinds === "audio", 10_000);
      const { states } = await ada.report();
      expect(states.filter((state) => state === "connected")).toHaveLength(1);
    },
  );

  callTest("a channel that no browser opens breaks no later connection", async (call) => {
    const { ada, ben, room } = call;
    await call.connect();
    const codes = await ada.page.evaluate(() => {
      const codeOf = (name: string, maxRetransmits?: number) => {
        try {
          window.page.room.channel(name, maxRetransmits === undefined ? {} : { maxRetransmits });
          return "taken";
        } catch (error) {
          return (error as { code?: string }).code ?? String(error);
        }
      };
      return [
        codeOf("n", -1),
        codeOf("x".repeat(70_000)),
        codeOf("a\ud800"),
        codeOf("x".repeat(65_535), 65_535),
      ];
    });
    const refused = "INVALID_INPUT";
    expect(codes).toEqual([refused, refused, refused, "taken"]);
    await ben.sit(lab.seating(room, "Ben"));
    await call.connected(15_000);
    await call.bothSeePictures();
  });

  callTest(
    "every message arrives once and in order over streams that are cut and answers that are lost",
    async (call) => {
      const { ada, ben, room } = call;
      const proxy = await startFaultProxy(lab.baseUrl());
      try {
        proxy.plan(({ url }, count) => {
          if (url?.includes("signaling.messages")) return "cut";
          return url?.includes("signaling.send") && count % 5 === 0 ? "lose-answer" : null;
        });
        const throughProxy = { baseUrl: proxy.origin };
        await ada.sit({ ...lab.seating(room, "Ada"), ...throughProxy });
        await ben.sit({ ...lab.seating(room, "Ben"), ...throughProxy });
        await call.connected(30_000);

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
        await call.bothSeePictures();
      } finally {
        await proxy.close();
      }
    },
  );
});
