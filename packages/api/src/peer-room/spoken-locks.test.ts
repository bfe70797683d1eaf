import { afterEach, expect, test } from "vitest";
import { SpokenLocks } from "./spoken-locks";

const tabs: { vanish(): void }[] = [];

/** A tab, and how it goes without a word. */
function openTab() {
  const channel = new BroadcastChannel("locks of a test");
  let isGone = false;
  const tab = new SpokenLocks({
    postMessage: (word) => isGone || channel.postMessage(word),
    set onmessage(hear: BroadcastChannel["onmessage"]) {
      channel.onmessage = hear;
    },
  });
  const vanish = () => {
    isGone = true;
    channel.close();
  };
  tabs.push({ vanish });
  return { tab, vanish };
}
afterEach(() => {
  for (const { vanish } of tabs.splice(0)) vanish();
});

const moment = (ms = 100) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks for a lock, and writes down who has it. */
function take({ tab }: { tab: SpokenLocks }, who: string, having: string[], options = {}) {
  let free = () => {};
  const isOver = new Promise<void>((resolve) => {
    free = resolve;
  });
  const ask = () =>
    tab
      .request("the lead", options, () => {
        having.push(who);
        return isOver;
      })
      .finally(() => having.splice(having.indexOf(who), 1));
  const ended = ask();
  // On a busy machine one gives way that nobody waits for any more.
  ended.catch(() => {});
  return { free, ask, ended };
}

test("of tabs that ask at once one gets it, and the next one when it is freed", async () => {
  const having: string[] = [];
  const asked = ["a", "b", "c"].map((who) => take(openTab(), who, having));
  // On a busy machine a word comes late, and two have it for a moment: the one that gave way asks again, as a room does.
  for (const { ask, ended } of asked) {
    const askAgain = (): Promise<void> => ask().catch(askAgain);
    ended.catch(askAgain);
  }
  await moment(150);
  await expect.poll(() => having, { timeout: 5_000 }).toHaveLength(1);
  const [first] = having;
  for (const index of [0, 1, 2]) if (["a", "b", "c"][index] === first) asked[index]?.free();
  await expect
    .poll(() => having.length === 1 && having[0] !== first, { timeout: 5_000 })
    .toBe(true);
}, 20_000);

test("of three that ask at once one gets it, whoever hears of whom first", async () => {
  // Their ids are made by chance, so that each round has another order.
  for (let round = 0; round < 10; round++) {
    const having: string[] = [];
    const asked = ["a", "b", "c"].map((who) => take(openTab(), who, having));
    await expect.poll(() => having.length, { timeout: 5_000 }).toBe(1);
    for (const { free } of asked) free();
    await Promise.allSettled(asked.map(({ ended }) => ended));
  }
}, 60_000);

test("a tab that is gone without a word has it no longer", async () => {
  const having: string[] = [];
  const gone = openTab();
  take(gone, "gone", having);
  await moment();
  take(openTab(), "next", having);
  await moment();
  expect(having).toEqual(["gone"]);
  gone.vanish();
  await moment(1_100);
  expect(having).toEqual(["gone", "next"]);
});

test("one that is stolen is told so", async () => {
  const having: string[] = [];
  const { ended } = take(openTab(), "silent", having);
  await moment();
  take(openTab(), "thief", having, { steal: true });
  await expect(ended).rejects.toMatchObject({ name: "AbortError" });
  expect(having).toEqual(["thief"]);
});

test("of two that believe to have it one gives way when it hears of the other", async () => {
  const having: string[] = [];
  const both = ["a", "b"].map((who) => take(openTab(), who, having, { isOwn: true }));
  for (const { ended } of both) ended.catch(() => {});
  expect(having).toHaveLength(2);
  await expect.poll(() => having, { timeout: 5_000 }).toHaveLength(1);
});
