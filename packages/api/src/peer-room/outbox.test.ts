import { limits } from "@fermata/contract";
import { expect, test, vi } from "vitest";
import { FermataError } from "../api-error";
import { Outbox, type OutboxOptions } from "./outbox";

type Batch = Parameters<OutboxOptions["post"]>[0];

/** An outbox in front of `answer`, with what it posted. */
function startOutbox(answer: (batch: Batch, count: number) => Promise<unknown> | unknown) {
  const posted: Batch[] = [];
  const onUnauthenticated = vi.fn();
  const outbox = new Outbox({
    post: async (batch) => {
      posted.push(batch);
      return answer(batch, posted.length);
    },
    onUnauthenticated,
  });
  const kinds = () => posted.map(({ messages }) => messages.map(({ kind }) => kind).join());
  return { outbox, posted, kinds, onUnauthenticated };
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
