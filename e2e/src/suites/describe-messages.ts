import { randomUUID } from "node:crypto";
import { createFermata, toFermataError } from "@fermata/api";
import { limits } from "@fermata/contract";
import { beforeAll, describe, expect, test } from "vitest";
import { openStream } from "../setup/event-stream";
import {
  createRoom,
  followRoom,
  joinRoom,
  numbered,
  type Participant,
  pullMessages,
  sendMessages,
  type TestRoom,
} from "../setup/rooms";
import { codeOf, newMember, type Rpc, signInAdmin } from "../setup/rpc";
import type { Target } from "../setup/targets";

const soon = { timeout: 10_000, interval: 20 };

/** What is said in a room, once and in order: black-box, against any server. */
export function describeMessages(targets: Target[]): void {
  describe.each(targets)("messages in a room on $name", (target) => {
    let owner: Rpc;
    let stranger: Rpc;

    beforeAll(async () => {
      const admin = await signInAdmin(target);
      [owner, stranger] = await Promise.all([newMember(target, admin), newMember(target, admin)]);
    });

    const join = (room: TestRoom, name: string, as?: { rpc?: Rpc; resumeToken?: string }) =>
      joinRoom(target, room, name, as);

    describe("what is sent", () => {
      let room: TestRoom;
      let maja: Participant;
      let iben: Participant;
      let karl: Participant;

      beforeAll(async () => {
        room = await createRoom(owner, 3);
        maja = await join(room, "Maja", { rpc: owner });
        iben = await join(room, "Iben");
        karl = await join(room, "Karl");
      });

      test("the sender is who the token says, whatever the input claims", async () => {
        const { roomId } = room;
        const answer = await maja.rpc.mutate("signaling.send", {
          roomId,
          from: karl.peerId,
          sender: karl.peerId,
          messages: [{ kind: "offer", payload: { sdp: "v=0" }, from: karl.peerId }],
        });
        expect(answer.data).toEqual({ cursor: expect.stringMatching(/^[^:]+:\d+$/) });
        const { messages } = await pullMessages(iben, roomId);
        expect(messages).toEqual([
          {
            cursor: expect.stringMatching(/^[^:]+:\d+$/),
            from: maja.peerId,
            to: null,
            kind: "offer",
            payload: { sdp: "v=0" },
            sentAt: expect.stringMatching(/Z$/),
          },
        ]);
      });

      test("what is meant for one reaches nobody else, nor its sender", async () => {
        const { roomId } = room;
        const start = (await pullMessages(iben, roomId)).cursor;
        const sent = await sendMessages(
          maja,
          roomId,
          [{ kind: "answer", payload: 1 }],
          iben.peerId,
        );
        expect(sent.error).toBeUndefined();
        expect((await pullMessages(iben, roomId, start)).messages).toMatchObject([
          { kind: "answer", to: iben.peerId, from: maja.peerId },
        ]);
        expect((await pullMessages(karl, roomId, start)).messages).toEqual([]);
        expect((await pullMessages(maja, roomId, start)).messages).toEqual([]);
        const nobody = await sendMessages(maja, roomId, numbered(0, 1), randomUUID());
        expect(codeOf(nobody)).toEqual([404, "NOT_FOUND"]);
      });

      test("pulling goes on from a cursor, page by page", async () => {
        const { roomId } = room;
        let { cursor } = await pullMessages(
          karl,
          roomId,
          (await pullMessages(karl, roomId)).cursor,
        );
        await sendMessages(maja, roomId, numbered(0, 5));
        const first = await pullMessages(karl, roomId, cursor);
        await sendMessages(maja, roomId, numbered(5, 5));
        const second = await pullMessages(karl, roomId, first.cursor);
        const values = [...first.messages, ...second.messages].map(({ payload }) => payload.number);
        expect(values).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        cursor = second.cursor;
        expect(await pullMessages(karl, roomId, cursor)).toEqual({ messages: [], cursor });
      });

      test("one who joins late does not hear what was said before", async () => {
        const late = await createRoom(owner, 3);
        const first = await join(late, "Maja", { rpc: owner });
        await sendMessages(first, late.roomId, numbered(0, 3));
        const second = await join(late, "Iben");
        expect((await pullMessages(second, late.roomId)).messages).toEqual([]);
        const { data } = await second.rpc.query("signaling.pull", { roomId: late.roomId });
        expect(data.messages).toEqual([]);
      });

      test("a cursor of another life of a room is answered with a reset, never with silence", async () => {
        const { messages } = await pullMessages(iben, room.roomId, "another-life:3");
        expect(messages[0]).toMatchObject({ kind: "reset" });
        const stream = await followRoom(target, iben, room.roomId, "another-life:3");
        await expect.poll(() => stream.events[0]?.data.kind, soon).toBe("reset");
        stream.close();
      });

      test("a payload beyond the limit is refused whole, and so are too many messages", async () => {
        const { roomId } = room;
        const start = (await pullMessages(iben, roomId)).cursor;
        const huge = { kind: "offer", payload: "x".repeat(limits.signaling.payloadBytes) };
        const refused = await sendMessages(maja, roomId, [...numbered(0, 1), huge]);
        expect(codeOf(refused)).toEqual([413, "PAYLOAD_TOO_LARGE"]);
        const many = await sendMessages(
          maja,
          roomId,
          numbered(0, limits.signaling.messagesPerSend + 1),
        );
        expect(codeOf(many)).toEqual([400, "INVALID_INPUT"]);
        const none = await sendMessages(maja, roomId, []);
        expect(codeOf(none)).toEqual([400, "INVALID_INPUT"]);
        expect((await pullMessages(iben, roomId, start)).messages).toEqual([]);
        const largest = "x".repeat(limits.signaling.payloadBytes - 2);
        expect(
          (await sendMessages(maja, roomId, [{ kind: "offer", payload: largest }])).status,
        ).toBe(200);
      });

      test("payloads come back as they were sent", async () => {
        const { roomId } = room;
        const start = (await pullMessages(iben, roomId)).cursor;
        const payloads = [null, 0, "", "🎹 \u2028 \\u0041", [1, [2]], { a: { b: [true, null] } }];
        const messages = payloads.map((payload) => ({ kind: "any", payload }));
        expect((await sendMessages(maja, roomId, messages)).error).toBeUndefined();
        const pulled = await pullMessages(iben, roomId, start);
        expect(pulled.messages.map(({ payload }: { payload: unknown }) => payload)).toEqual(
          payloads,
        );
      });
    });

    describe("the stream", () => {
      test("brings every message with its cursor as the event's id", async () => {
        const room = await createRoom(owner);
        const { roomId } = room;
        const maja = await join(room, "Maja", { rpc: owner });
        const iben = await join(room, "Iben");
        await sendMessages(maja, roomId, numbered(0, 2));
        const stream = await followRoom(target, iben, roomId);
        await expect.poll(() => stream.events.length, soon).toBe(2);
        await sendMessages(maja, roomId, numbered(2, 2));
        await expect.poll(() => stream.events.length, soon).toBe(4);
        expect(stream.events.map(({ data }) => data.payload.number)).toEqual([0, 1, 2, 3]);
        for (const { id, data } of stream.events) {
          expect(id).toBe(data.cursor);
          expect(data).toMatchObject({ from: maja.peerId, to: null, kind: "number" });
        }
        stream.close();
      });

      test("neither loses nor doubles anything over dropped connections", async () => {
        const room = await createRoom(owner);
        const { roomId } = room;
        const maja = await join(room, "Maja", { rpc: owner });
        const iben = await join(room, "Iben");
        const total = 300;
        const batch = 10;
        const sending = (async () => {
          for (let from = 0; from < total; from += batch) {
            const { error } = await sendMessages(maja, roomId, numbered(from, batch));
            expect(error).toBeUndefined();
          }
        })();
        // It is heard in the end; where the loop below fails first, nobody would hear of it.
        sending.catch(() => {});
        const received: number[] = [];
        let lastEventId: string | undefined;
        let connections = 0;
        while (received.length < total) {
          connections++;
          const stream = await followRoom(target, iben, roomId, lastEventId);
          // Each connection is cut after a few dozen messages, while more are on their way.
          const wanted = Math.min(received.length + 37, total) - received.length;
          await expect.poll(() => stream.events.length >= wanted, soon).toBe(true);
          stream.close();
          const events = stream.events.slice();
          received.push(...events.map(({ data }) => data.payload.number));
          lastEventId = events.at(-1)?.id;
        }
        await sending;
        expect(received).toEqual(Array.from({ length: total }, (_, index) => index));
        expect(connections).toBeGreaterThan(2);
      });

      test("delivers in order to each of two who send and listen at once", async () => {
        const room = await createRoom(owner, 3);
        const { roomId } = room;
        const peers = [
          await join(room, "Maja", { rpc: owner }),
          await join(room, "Iben"),
          await join(room, "Karl"),
        ];
        const streams = await Promise.all(peers.map((peer) => followRoom(target, peer, roomId)));
        await Promise.all(
          peers.map(async (peer) => {
            for (let from = 0; from < 40; from += 4)
              await sendMessages(peer, roomId, numbered(from, 4));
          }),
        );
        for (const [index, stream] of streams.entries()) {
          await expect.poll(() => stream.events.length, soon).toBe(80);
          for (const sender of peers.filter((_, other) => other !== index)) {
            const heard = stream.events.filter(({ data }) => data.from === sender.peerId);
            expect(heard.map(({ data }) => data.payload.number)).toEqual([...Array(40).keys()]);
          }
          stream.close();
        }
      });

      test("reaches the published client, whose refusals are typed", async () => {
        const room = await createRoom(owner);
        const { roomId } = room;
        const maja = await join(room, "Maja", { rpc: owner });
        const iben = await join(room, "Iben");
        const heard: unknown[] = [];
        const { signaling } = createFermata({ url: target.baseUrl, token: iben.roomToken }).trpc;
        const following = signaling.messages.subscribe(
          { roomId },
          { onData: ({ data }) => heard.push(data) },
        );
        await sendMessages(maja, roomId, numbered(0, 1));
        await expect.poll(() => heard, soon).toMatchObject([{ from: maja.peerId, kind: "number" }]);
        following.unsubscribe();

        const refusal = await new Promise((resolve) => {
          signaling.messages.subscribe({ roomId: randomUUID() }, { onError: resolve });
        });
        expect(toFermataError(refusal)).toMatchObject({ code: "NOT_FOUND" });
      });

      test("is refused without a token, and with one of another room", async () => {
        const [room, other] = [await createRoom(owner), await createRoom(stranger)];
        const guest = await join(other, "Eve");
        const attempts: [string | undefined, string][] = [
          [undefined, "UNAUTHENTICATED"],
          ["made-up", "UNAUTHENTICATED"],
          [guest.roomToken, "NOT_FOUND"],
          [stranger.token, "NOT_FOUND"],
        ];
        for (const [token, code] of attempts) {
          const stream = await openStream(
            target,
            "signaling.messages",
            { roomId: room.roomId },
            token,
          );
          await expect.poll(() => stream.end, soon).toBe(code);
          expect([stream.events, stream.complete]).toEqual([[], false]);
        }
      });
    });
  });
}
