import { beforeAll, describe, expect, test } from "vitest";
import { type FaultProxy, startFaultProxy } from "./setup/fault-proxy";
import {
  createRoom,
  followRoom,
  joinRoom,
  numbered,
  pullMessages,
  sendMessages,
} from "./setup/rooms";
import { codeOf, newMember, type Rpc, rpcFor, signInAdmin } from "./setup/rpc";
import { targets } from "./setup/targets";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The minutes of both targets pass at once; what is said to be sequential waits for its own target's alone. */
describe.concurrent.each(targets)("a room on $name that things happen to", (target) => {
  let owner: Rpc;
  beforeAll(async () => {
    owner = await newMember(target, await signInAdmin(target));
  });

  test("a stream cut every half second for a minute, at 100 messages a second: none lost, doubled or out of order", {
    timeout: 300_000,
  }, async ({ expect }) => {
    const room = await createRoom(owner);
    const { roomId } = room;
    const maja = await joinRoom(target, room, "Maja");
    const iben = await joinRoom(target, room, "Iben");
    const total = 6_000;
    const beganAt = Date.now();
    const sending = (async () => {
      for (let from = 0; from < total; from += 5) {
        const { error } = await sendMessages(maja, roomId, numbered(from, 5));
        if (error) throw new Error(error.message);
        await wait(Math.max(0, beganAt + from * 10 - Date.now()));
      }
    })();
    const received: number[] = [];
    let lastEventId: string | undefined;
    let cuts = 0;
    while (received.length < total && Date.now() - beganAt < 240_000) {
      const stream = await followRoom(target, iben, roomId, lastEventId);
      await wait(500);
      stream.close();
      cuts++;
      const events = stream.events.slice();
      received.push(...events.map(({ data }) => data.payload?.number ?? data.kind));
      lastEventId = events.at(-1)?.id ?? lastEventId;
    }
    await sending;
    expect(received).toEqual([...Array(total).keys()]);
    expect(cuts).toBeGreaterThan(60);
  });

  test("of two that race for the last seat one gets it, a thousand times", {
    timeout: 300_000,
  }, async ({ expect }) => {
    const anonymous = rpcFor(target.baseUrl);
    const race = async (rounds: number) => {
      const { roomId, inviteToken } = await createRoom(owner);
      await joinRoom(target, { roomId, inviteToken }, "Maja");
      for (let round = 0; round < rounds; round++) {
        const answers = await Promise.all(
          ["Iben", "Karl"].map((displayName) =>
            anonymous.mutate("signaling.join", { roomId, inviteToken, displayName }),
          ),
        );
        const codes = answers.map(({ error }) => error?.data.appCode ?? "in");
        expect(codes.toSorted()).toEqual(["ROOM_FULL", "in"]);
        const winner = answers.find(({ error }) => !error);
        await rpcFor(target.baseUrl, winner?.data.roomToken).mutate("signaling.leave", { roomId });
      }
    };
    // New rooms now and then: who is silent for two minutes gives the seat to whoever needs it.
    const raceOn = async () => {
      for (let room = 0; room < 5; room++) await race(40);
    };
    await Promise.all(Array.from({ length: 5 }, raceOn));
  });

  test.sequential("of fifty streams for one guest ten stay open, and the rest are told to wait", async () => {
    const room = await createRoom(owner);
    const guest = await joinRoom(target, room, "Iben");
    const streams = await Promise.all(
      Array.from({ length: 50 }, () => followRoom(target, guest, room.roomId)),
    );
    await expect.poll(() => streams.filter(({ end }) => end === "RATE_LIMITED").length).toBe(40);
    const open = streams.filter(({ end }) => end === null);
    expect(open).toHaveLength(10);
    for (const stream of open) stream.close();
    await expect
      .poll(async () => {
        const stream = await followRoom(target, guest, room.roomId);
        await wait(100);
        stream.close();
        return stream.end;
      })
      .not.toBe("RATE_LIMITED");
  });

  test.sequential("64 KB in one payload is refused, and so is flooding", async () => {
    const room = await createRoom(owner);
    const { roomId } = room;
    const maja = await joinRoom(target, room, "Maja");
    const iben = await joinRoom(target, room, "Iben");
    const large = { kind: "note", payload: "x".repeat(64 * 1024) };
    expect(codeOf(await sendMessages(maja, roomId, [large]))).toEqual([413, "PAYLOAD_TOO_LARGE"]);
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        sendMessages(maja, roomId, numbered(index * 50, 50)),
      ),
    );
    const refused = answers.filter(({ error }) => error);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) {
      expect(codeOf(answer)).toEqual([429, "RATE_LIMITED"]);
      expect(answer.error?.data.details).toMatchObject({ retryAfterSeconds: expect.any(Number) });
    }
    const { messages } = await pullMessages(iben, roomId);
    expect(messages.length).toBe(Math.min(500, (60 - refused.length) * 50));
  });

  describe.sequential("answers that get lost on their way", () => {
    let proxy: FaultProxy;
    beforeAll(async () => {
      proxy = await startFaultProxy(target.baseUrl);
      return () => proxy.close();
    });

    test("a send that is tried again with its key is stored once, in its place", async () => {
      const room = await createRoom(owner);
      const { roomId } = room;
      const maja = await joinRoom(target, room, "Maja");
      const iben = await joinRoom(target, room, "Iben");
      const { mutate } = rpcFor(proxy.origin, maja.roomToken);
      proxy.plan((_request, count) => (count % 3 === 0 ? "lose-answer" : null));
      const total = 60;
      for (let number = 0; number < total; number++) {
        const input = {
          roomId,
          messages: numbered(number, 1),
          sendKey: `message-number-${number}`,
        };
        for (;;) {
          const answer = await mutate("signaling.send", input).catch(() => null);
          if (answer && !answer.error) break;
        }
      }
      expect(proxy.faults()).toBeGreaterThan(20);
      const { messages } = await pullMessages(iben, roomId);
      const heard = messages.map(({ payload }: { payload: { number: number } }) => payload.number);
      expect(heard).toEqual([...Array(total).keys()]);
    });

    test("a join that is tried again with its key has its seat, and leaves no ghost in another", async () => {
      const room = await createRoom(owner);
      const { roomId, inviteToken } = room;
      await joinRoom(target, room, "Maja");
      const { mutate } = rpcFor(proxy.origin);
      proxy.plan((_request, count) => (count === 1 ? "lose-answer" : null));
      const input = { roomId, inviteToken, displayName: "Iben", joinKey: "a-key-of-this-page" };
      await expect(mutate("signaling.join", input)).rejects.toThrow();
      const { data } = await mutate("signaling.join", input);
      const { query } = rpcFor(target.baseUrl, data.roomToken);
      const { data: seen } = await query("signaling.peers", { roomId });
      expect(seen.peers).toHaveLength(2);
    });
  });
});
