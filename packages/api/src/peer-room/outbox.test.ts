import { limits } from "@fermata/contract";
import { expect, test, vi } from "vitest";
import { FermataError } from "../api-error";
import { Outbox, type OutboxOptions } from "./outbox";

type Batch = Parameters<OutboxOptions["post"]>[0];

/** An outbox in front of `answer`, with what it posted. */
function startOutbox(answer: (batch: Batch, count: number) => Promise<unknown> | unknown) {
  const posted: Batch[] = [];
  const onUnauthenticated = vi.fn();
  const late: boolean[] = [];
  const outbox: Outbox = new Outbox({
    post: async (batch) => {
      posted.push(batch);
      return answer(batch, posted.length);
    },
    onUnauthenticated,
    onLate: () => late.push(outbox.isLate),
  });
  const kinds = () => posted.map(({ messages }) => messages.map(({ kind }) => kind).join());
  return { outbox, posted, kinds, late, onUnauthenticated };
}

const message = (kind: string, to?: string) => ({ kind, to, payload: null });

test("holds everything until it is opened, then sends it in order, together by receiver", async () => {
  const { outbox, kinds } = startOutbox(() => {});
  const sent = ["a", "b"].map((kind) => outbox.push(message(kind)));
  sent.push(outbox.push(message("c", "ada")), outbox.push(message("d")));
  expect(kinds()).toEqual([]);
  outbox.open();
  await Promise.all(sent);
  expect(kinds()).toEqual(["a,b", "c", "d"]);
});

test("keeps requests within the server's limits", async () => {
  const { outbox, posted } = startOutbox(() => {});
  const most = limits.signaling.messagesPerSend;
  const sent = Array.from({ length: most + 1 }, () => outbox.push(message("small")));
  const payload = "x".repeat(limits.signaling.payloadBytes - 2);
  sent.push(...Array.from({ length: 40 }, () => outbox.push({ kind: "large", payload })));
  outbox.open();
  await Promise.all(sent);
  for (const batch of posted) {
    expect(batch.messages.length).toBeLessThanOrEqual(most);
    expect(JSON.stringify(batch).length).toBeLessThan(limits.jsonBodyBytes);
  }
});

test("has one request under way at a time", async () => {
  let underWay = 0;
  const { outbox, posted } = startOutbox(async () => {
    expect(++underWay).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay--;
  });
  outbox.open();
  await Promise.all(["a", "b", "c"].map((kind) => outbox.push(message(kind, kind))));
  expect(posted).toHaveLength(3);
});

test("sends again, and nothing past it, what a failing network swallowed", async () => {
  const { outbox, kinds } = startOutbox((_batch, count) => {
    if (count === 1) throw new FermataError("NETWORK");
  });
  outbox.open();
  await Promise.all([outbox.push(message("a", "ada")), outbox.push(message("b", "ben"))]);
  expect(kinds()).toEqual(["a", "a", "b"]);
});

test("sends again under the same key, and what comes meanwhile under another", async () => {
  const { outbox, posted } = startOutbox((_batch, count) => {
    if (count > 2) return;
    void outbox.push(message(`meanwhile-${count}`));
    throw new FermataError("NETWORK");
  });
  outbox.open();
  const sent = [outbox.push(message("a")), outbox.push(message("b"))];
  await Promise.all(sent);
  await vi.waitFor(() => expect(posted.length).toBeGreaterThan(3));
  const [first, second, third, rest] = posted;
  expect([second, third]).toEqual([first, first]);
  expect(rest?.sendKey).not.toBe(first?.sendKey);
  expect(rest?.messages.map(({ kind }) => kind)).not.toContain("a");
});

test("a batch that is split after a refusal goes under new keys", async () => {
  const { outbox, posted } = startOutbox(({ messages }) => {
    if (messages.length > 1) throw new FermataError("INVALID_INPUT");
  });
  const sent = ["a", "b"].map((kind) => outbox.push(message(kind)));
  outbox.open();
  await Promise.all(sent);
  expect(new Set(posted.map(({ sendKey }) => sendKey)).size).toBe(3);
});

test("fails only the message that the server refuses", async () => {
  const { outbox } = startOutbox(({ messages }) => {
    if (messages.some(({ kind }) => kind === "bad")) throw new FermataError("PAYLOAD_TOO_LARGE");
  });
  const [before, bad, after] = ["before", "bad", "after"].map((kind) => outbox.push(message(kind)));
  outbox.open();
  await expect(bad).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
  await Promise.all([before, after]);
});

test("keeps what waits while the token is void, and sends it with the next one", async () => {
  let isVoid = true;
  const { outbox, onUnauthenticated } = startOutbox(() => {
    if (isVoid) throw new FermataError("UNAUTHENTICATED");
  });
  outbox.open();
  const sent = outbox.push(message("a"));
  await vi.waitFor(() => expect(onUnauthenticated).toHaveBeenCalledOnce());
  isVoid = false;
  outbox.open();
  await sent;
});

test("can be emptied of some of what waits", async () => {
  const { outbox, kinds } = startOutbox(() => {});
  const dropped = outbox.push(message("offer"));
  const kept = outbox.push(message("note"));
  outbox.drop(new FermataError("ABORTED"), ({ kind }) => kind === "offer");
  await expect(dropped).rejects.toMatchObject({ code: "ABORTED" });
  outbox.open();
  await kept;
  expect(kinds()).toEqual(["note"]);
});

test("what is pushed in one go is one request, the first of it included", async () => {
  const { outbox, kinds } = startOutbox(() => {});
  outbox.open();
  await Promise.all(["a", "b", "c"].map((kind) => outbox.push(message(kind))));
  expect(kinds()).toEqual(["a,b,c"]);
});

/** Answers by hand, and stores as the server does: behind the one it names, and each key once. */
function startLog(underWay: number) {
  const open: { batch: Batch; answer(error?: FermataError): void }[] = [];
  const stored: string[] = [];
  const keys = new Set<string>();
  const { outbox, posted } = startOutbox(
    (batch) =>
      new Promise<void>((resolve, reject) => {
        const answer = (error?: FermataError) => {
          open.splice(open.indexOf(entry), 1);
          if (error) return reject(error);
          if (batch.after && !keys.has(batch.after)) {
            return reject(new FermataError("CONFLICT", "", { details: { field: "after" } }));
          }
          if (!keys.has(batch.sendKey)) stored.push(...batch.messages.map(({ kind }) => kind));
          keys.add(batch.sendKey);
          resolve();
        };
        const entry = { batch, answer };
        open.push(entry);
      }),
  );
  outbox.open({ underWay });
  return { outbox, posted, open, stored };
}
const moment = (ms = 40) => new Promise((resolve) => setTimeout(resolve, ms));

test("does not wait for an answer where the server keeps order, and gathers what comes close together", async () => {
  const { outbox, posted, open, stored } = startLog(3);
  const sent = [outbox.push(message("a"))];
  await moment(0);
  sent.push(outbox.push(message("b")), outbox.push(message("c")));
  await moment();
  sent.push(outbox.push(message("d")));
  await moment();
  sent.push(outbox.push(message("e")));
  await moment();
  expect(posted.map(({ messages }) => messages.length)).toEqual([1, 2, 1]);
  const [a, b, d] = posted;
  expect([a?.after, b?.after, d?.after]).toEqual([undefined, a?.sendKey, b?.sendKey]);
  open[0]?.answer();
  await moment();
  // The next one comes behind the last that is under way.
  expect(posted[3]?.after).toBe(d?.sendKey);
  while (open.length > 0) open[0]?.answer();
  await Promise.all(sent);
  expect(stored).toEqual(["a", "b", "c", "d", "e"]);
});

test("what comes at longer intervals than requests are apart waits for nothing", async () => {
  const { outbox, posted, open } = startLog(5);
  const sent = [outbox.push(message("a"))];
  await moment();
  sent.push(outbox.push(message("b")));
  await Promise.resolve();
  expect(posted).toHaveLength(2);
  while (open.length > 0) open[0]?.answer();
  await Promise.all(sent);
});

test("after a failure sends again in order, one at a time, then goes on as before", async () => {
  const { outbox, posted, open, stored } = startLog(3);
  const sent = ["a", "b", "c"].map((kind) => outbox.push(message(kind, kind)));
  await moment();
  expect(open).toHaveLength(3);
  // The first is lost on its way, the third finds that it is early; the second is answered too late to help it.
  open[2]?.answer();
  open[0]?.answer(new FermataError("NETWORK"));
  await moment();
  expect(posted).toHaveLength(3);
  open[0]?.answer();
  while (stored.length < 3) {
    await moment(20);
    expect(open.length).toBeLessThanOrEqual(1);
    open[0]?.answer();
  }
  await Promise.all(sent);
  expect(stored).toEqual(["a", "b", "c"]);
  expect(posted.slice(3).map(({ after }) => after)).toEqual([undefined, undefined, undefined]);
  expect(new Set(posted.map(({ sendKey }) => sendKey)).size).toBe(3);
  for (const kind of ["d", "e"]) sent.push(outbox.push(message(kind, kind)));
  await moment();
  expect(open).toHaveLength(2);
  while (open.length > 0) open[0]?.answer();
  await Promise.all(sent);
});

test("one that is refused takes nothing with it that is behind it", async () => {
  const { outbox, open, stored } = startLog(3);
  const [bad, good] = ["bad", "good"].map((kind) => outbox.push(message(kind, kind)));
  await moment();
  open[0]?.answer(new FermataError("NOT_FOUND"));
  open[0]?.answer();
  await expect(bad).rejects.toMatchObject({ code: "NOT_FOUND" });
  await moment();
  open[0]?.answer();
  await good;
  expect(stored).toEqual(["good"]);
});

test("keeps order through a storm of failures", async () => {
  const { outbox, open, stored } = startLog(3);
  const sent: Promise<void>[] = [];
  let seed = 7;
  const chance = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let number = 0; number < 300; number++) {
    sent.push(outbox.push(message(String(number))));
    if (chance() < 0.5) await moment(chance() * 4);
    const any = open[Math.floor(chance() * open.length)];
    if (chance() < 0.1) any?.answer(new FermataError("NETWORK"));
    else any?.answer();
    outbox.nudge();
  }
  while (stored.length < 300) {
    open[0]?.answer();
    outbox.nudge();
    await moment(1);
  }
  await Promise.all(sent);
  expect(stored).toEqual(Array.from({ length: 300 }, (_, number) => String(number)));
});

test("what has no JSON is refused, and keeps nothing else back", async () => {
  const { outbox, kinds } = startOutbox(() => {});
  outbox.open();
  const circle: Record<string, unknown> = {};
  circle.itself = circle;
  for (const payload of [circle, 1n]) {
    const refused = outbox.push({ kind: "bad", payload });
    await expect(refused).rejects.toMatchObject({ name: "FermataError", code: "INVALID_INPUT" });
  }
  await outbox.push(message("good"));
  expect(kinds()).toEqual(["good"]);
});

test("tells when the server answers nothing for long, and when it does again", async () => {
  vi.useFakeTimers();
  try {
    let isAway = true;
    const { outbox, posted, late } = startOutbox(() => {
      if (isAway) throw new FermataError("UPSTREAM_UNAVAILABLE");
    });
    outbox.open();
    const sent = outbox.push(message("a"));
    await vi.advanceTimersByTimeAsync(4_900);
    expect(posted.length).toBeGreaterThan(3);
    expect(late).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(late).toEqual([true]);
    isAway = false;
    await vi.advanceTimersByTimeAsync(6_000);
    await sent;
    expect(late).toEqual([true, false]);
    // With nothing to send there is nothing to wait for.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(late).toEqual([true, false]);
  } finally {
    vi.useRealTimers();
  }
});

test("a request that hangs is late as well, also beside one that was answered", async () => {
  vi.useFakeTimers();
  try {
    const { outbox, late } = startOutbox(({ messages }) =>
      messages[0]?.kind === "hangs" ? new Promise(() => {}) : undefined,
    );
    outbox.open({ underWay: 2 });
    outbox.push(message("hangs")).catch(() => {});
    await vi.advanceTimersByTimeAsync(4_000);
    await outbox.push(message("answered"));
    await vi.advanceTimersByTimeAsync(4_900);
    expect(late).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(late).toEqual([true]);
    outbox.close();
    expect(outbox.isLate).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

test("a server that asks to wait, or refuses, is not away", async () => {
  vi.useFakeTimers();
  try {
    const details = { retryAfterSeconds: 30 };
    const answers = [new FermataError("RATE_LIMITED", undefined, { details })];
    const { outbox, late } = startOutbox(() => {
      const error = answers.shift();
      if (error) throw error;
    });
    outbox.open();
    const sent = outbox.push(message("a"));
    await vi.advanceTimersByTimeAsync(31_000);
    await sent;
    answers.push(new FermataError("PAYLOAD_TOO_LARGE"));
    await expect(outbox.push(message("b"))).rejects.toMatchObject({ code: "PAYLOAD_TOO_LARGE" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(late).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
