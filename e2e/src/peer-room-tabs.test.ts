import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import type { PeerReport } from "./setup/peer-page-script";
import type { PeerTab } from "./setup/peer-pages";
import { rpcFor } from "./setup/rpc";

const what = "many tabs of one browser";

describe.runIf(canCall(what))(what, () => {
  let lab: CallLab;

  beforeAll(async () => {
    lab = await startCallLab();
  });
  afterAll(() => lab?.close());

  const isJoined = ({ status }: PeerReport) => status === "joined";

  /** A tab in a room of its own, and somebody who can say something to it. */
  async function openSeat(tab: PeerTab) {
    const room = await lab.openRoom();
    const { data } = await rpcFor(lab.baseUrl()).mutate("signaling.join", {
      ...room,
      displayName: "Ben",
    });
    await tab.sit(lab.seating(room, "Ada"), { withoutMedia: true });
    await tab.until("joined", isJoined, 10_000);
    const ben = rpcFor(lab.baseUrl(), data.roomToken);
    const say = async (payload: string) => {
      const messages = [{ kind: "note", payload }];
      const { error } = await ben.mutate("signaling.send", { roomId: room.roomId, messages });
      expect(error).toBeUndefined();
    };
    return { tab, say, room };
  }

  /** Each in a room and a tab of its own, one after the other. */
  async function openSeats(first: PeerTab, count: number) {
    const context = first.page.context();
    const seats = [await openSeat(first)];
    while (seats.length < count) {
      seats.push(await openSeat(first.inTab(await context.newPage())));
    }
    return seats;
  }

  const hears = async (
    { tab, say }: Awaited<ReturnType<typeof openSeat>>,
    text: string,
    ms: number,
    signaling = "stream",
  ) => {
    await say(text);
    const report = await tab.until(
      `told ${text}`,
      ({ messages }) =>
        messages.some((message) => (message as { payload: string }).payload === text),
      ms,
    );
    expect(report.signaling).toBe(signaling);
  };

  test("twelve tabs, each in a room of its own, hear and speak over one stream", async () => {
    const first = await lab.openTab();
    const context = first.page.context();
    let streams = 0;
    context.on("request", (request) => {
      if (request.url().includes("signaling.messages")) streams++;
    });
    context.on("requestfinished", (request) => {
      if (request.url().includes("signaling.messages")) streams--;
    });
    context.on("requestfailed", (request) => {
      if (request.url().includes("signaling.messages")) streams--;
    });
    const seats = await openSeats(first, 12);
    await Promise.all(seats.map((seat) => hears(seat, "hello", 5_000)));
    await Promise.all(seats.map(({ tab }) => tab.say("from here")));
    expect(streams).toBe(1);

    // The tab that leads goes, and then one that leads crashes.
    await first.page.close({ runBeforeUnload: true });
    const [, second, ...others] = seats;
    await Promise.all([...others].map((seat) => hears(seat, "after a close", 2_500)));
    const session = await second?.tab.page.context().newCDPSession(second.tab.page);
    session?.send("Page.crash").catch(() => {});
    await second?.tab.page.waitForEvent("crash");
    await Promise.all(others.map((seat) => hears(seat, "after a crash", 2_500)));
    await context.close();
  });

  test("pages that may have no Web Locks share one stream as well", async () => {
    const first = await lab.openTab();
    const context = first.page.context();
    await context.addInitScript(() => {
      Object.defineProperty(Navigator.prototype, "locks", { value: undefined });
    });
    const seats = await openSeats(first, 8);
    await Promise.all(seats.map((seat) => hears(seat, "hello", 5_000)));
    await Promise.all(seats.map(({ tab }) => tab.say("from here")));
    await first.page.close({ runBeforeUnload: true });
    const [, second, ...others] = seats;
    await Promise.all(others.map((seat) => hears(seat, "after a close", 5_000)));
    const session = await second?.tab.page.context().newCDPSession(second.tab.page);
    session?.send("Page.crash").catch(() => {});
    await second?.tab.page.waitForEvent("crash");
    await Promise.all(others.map((seat) => hears(seat, "after a crash", 10_000)));
    await context.close();
  });

  test("pages whose browser keeps nothing for a site share one stream as well", async () => {
    const first = await lab.openTab();
    const context = first.page.context();
    await context.addInitScript(() => {
      const refuse = () => {
        throw new DOMException("Not allowed.", "SecurityError");
      };
      LockManager.prototype.request = async () => refuse();
      for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
        Object.defineProperty(window, name, { get: refuse });
      }
    });
    const seats = await openSeats(first, 8);
    await Promise.all(seats.map((seat) => hears(seat, "hello", 5_000)));
    await Promise.all(seats.map(({ tab }) => tab.say("from here")));
    await first.page.close({ runBeforeUnload: true });
    const [, ...others] = seats;
    await Promise.all(others.map((seat) => hears(seat, "after a close", 5_000)));
    await context.close();
  });

  test("pages that cannot speak to each other pull, however many they are", async () => {
    const first = await lab.openTab();
    const context = first.page.context();
    await context.addInitScript(() => {
      window.BroadcastChannel = class {
        constructor() {
          throw new DOMException("Not allowed.", "SecurityError");
        }
      } as unknown as typeof BroadcastChannel;
    });
    const seats = await openSeats(first, 8);
    await Promise.all(seats.map((seat) => hears(seat, "hello", 5_000, "polling")));
    await Promise.all(seats.map(({ tab }) => tab.say("from here")));
    await context.close();
  });

  test("a tab that hangs loses the lead, and finds its place again", async () => {
    const first = await lab.openTab();
    const context = first.page.context();
    const seats = [await openSeat(first)];
    for (let count = 0; count < 2; count++) {
      seats.push(await openSeat(first.inTab(await context.newPage())));
    }
    await Promise.all(seats.map((seat) => hears(seat, "hello", 5_000)));
    const [leader, ...others] = seats;
    const hanging = first.page.evaluate((ms) => {
      const endsAt = Date.now() + ms;
      while (Date.now() < endsAt);
    }, 20_000);
    await Promise.all(others.map((seat) => hears(seat, "while it hangs", 18_000)));
    await hanging;
    if (leader) await hears(leader, "and again", 10_000);
    await Promise.all(others.map((seat) => hears(seat, "and the others", 5_000)));
    await context.close();
  }, 90_000);

  test("a room that ends in one tab is nothing to the others", async () => {
    const first = await lab.openTab();
    const context = first.page.context();
    const seats = [await openSeat(first), await openSeat(first.inTab(await context.newPage()))];
    const third = await openSeat(first.inTab(await context.newPage()));
    await lab.owner.mutate("signaling.closeRoom", { roomId: third.room.roomId });
    await third.tab.until("told of the end", ({ status }) => status === "closed", 5_000);
    await Promise.all(seats.map((seat) => hears(seat, "hello", 5_000)));
    await context.close();
  });
});
