import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import { type Call, inCall } from "./setup/in-call";
import { startUdpNat } from "./setup/udp-nat";

const what = "a lobby";
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

  callTest("has found paths before the click, which go with the join", async (call) => {
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

  callTest("leads into an empty room, too, where somebody comes later", async (call) => {
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

  callTest("sends what was chosen last in it", async (call) => {
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
});
