import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallLab, canCall, startCallLab } from "./setup/call-lab";
import type { PeerReport } from "./setup/peer-page-script";

const what = "rooms for six";
const names = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn"];

describe.runIf(canCall(what))(what, () => {
  let lab: CallLab;

  beforeAll(async () => {
    lab = await startCallLab();
  });
  afterAll(() => lab?.close());

  test("six connect to each other, show what they do, hear who speaks, and lose nobody else's call with one", async () => {
    const room = await lab.openRoom(6);
    const tabs = await Promise.all(names.map(() => lab.openTab()));
    try {
      // All at once: whose offer comes first between two is anybody's guess.
      await Promise.all(
        tabs.map((tab, index) =>
          tab.sit(lab.seating(room, names[index] ?? ""), { withoutMedia: true }),
        ),
      );
      const others = (name: string) => names.filter((other) => other !== name);
      const isWith = (wanted: string[]) => (report: PeerReport) => {
        const connected = report.peers.filter(({ state }) => state === "connected");
        return (
          connected
            .map(({ displayName }) => displayName)
            .sort()
            .join() === wanted.join()
        );
      };
      await Promise.all(
        tabs.map((tab, index) =>
          tab.until("connected to all", isWith(others(names[index] ?? "")), 60_000),
        ),
      );

      await Promise.all(
        tabs.map((tab, index) =>
          tab.page.evaluate((text) => window.page.showPresence(text), `bar ${index}`),
        ),
      );
      const seen = (index: number) => tabs[index]?.page.evaluate(() => window.page.seePresence());
      const expected = (mine: string) =>
        Object.fromEntries(
          names.flatMap((name, index) => (name === mine ? [] : [[name, `bar ${index}`]])),
        );
      for (const [index, name] of names.entries()) {
        await expect
          .poll(async () => (await seen(index))?.shown, { timeout: 20_000 })
          .toEqual(expected(name));
      }

      // One of them makes a sound.
      await tabs[2]?.page.evaluate(() => window.page.sendOnly({ microphone: true }));
      for (const index of [0, 1, 3, 4, 5]) {
        await expect
          .poll(async () => (await seen(index))?.speaker, { timeout: 30_000 })
          .toBe("Cleo");
      }
      expect((await seen(2))?.speaker).toBeNull();

      await tabs[2]?.page.close({ runBeforeUnload: true });
      const rest = names.filter((name) => name !== "Cleo");
      for (const [index, name] of names.entries()) {
        if (name === "Cleo") continue;
        const report = await tabs[index]?.until(
          "without the one who left",
          isWith(rest.filter((other) => other !== name)),
          20_000,
        );
        expect(report?.states.filter((state) => state === "failed")).toEqual([]);
        // A page that goes may be a reload, so the seat is not empty at once.
        await expect
          .poll(async () => Object.keys((await seen(index))?.shown ?? {}).sort(), {
            timeout: 15_000,
          })
          .toEqual(rest.filter((other) => other !== name));
        expect((await seen(index))?.speaker).toBeNull();
      }
    } finally {
      await Promise.all(tabs.map(({ page }) => page.context().close()));
    }
  }, 180_000);
});
