import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  createRoom,
  followRoom,
  joinRoom,
  numbered,
  pullMessages,
  sendMessages,
  type TestRoom,
} from "../setup/rooms";
import { codeOf, newMember, type Rpc, rpcFor, signInAdmin } from "../setup/rpc";
import type { Target } from "../setup/targets";

const soon = { timeout: 10_000, interval: 20 };

/** Who gets into a room, and what each may do there: black-box, against any server. */
export function describeRooms(targets: Target[]): void {
  describe.each(targets)("rooms on $name", (target) => {
    const anonymous = rpcFor(target.baseUrl);
    let owner: Rpc;
    let stranger: Rpc;

    beforeAll(async () => {
      const admin = await signInAdmin(target);
      [owner, stranger] = await Promise.all([newMember(target, admin), newMember(target, admin)]);
    });

    const join = (room: TestRoom, name: string, as?: { rpc?: Rpc; resumeToken?: string }) =>
      joinRoom(target, room, name, as);

    describe("joining", () => {
      test("a room says how long it lives; an owner and a guest meet in it", async () => {
        const room = await createRoom(owner);
        const { data } = await owner.mutate("signaling.createRoom", {
          name: "Lesson",
          capacity: 3,
        });
        expect(Date.parse(data.expiresAt)).toBeGreaterThan(Date.now());
        const maja = await join(room, "Maja", { rpc: owner });
        expect(maja).toMatchObject({
          peerId: expect.any(String),
          polite: expect.any(Boolean),
          peers: [],
          cursor: expect.stringMatching(/^[^:]+:\d+$/),
        });
        const guest = await join(room, "Iben");
        expect(guest.peers).toMatchObject([{ peerId: maja.peerId, displayName: "Maja" }]);
        expect(guest.polite).toBe(!maja.polite);
        for (const rpc of [maja.rpc, guest.rpc, owner]) {
          const { data: seen } = await rpc.query("signaling.peers", { roomId: room.roomId });
          const names = seen.peers.map(({ displayName }: { displayName: string }) => displayName);
          expect(names.toSorted()).toEqual(["Iben", "Maja"]);
        }
      });

      test("nobody makes a room without an account", async () => {
        expect(codeOf(await anonymous.mutate("signaling.createRoom", {}))).toEqual([
          401,
          "UNAUTHENTICATED",
        ]);
        const { roomId, inviteToken } = await createRoom(owner);
        const guest = await join({ roomId, inviteToken }, "Iben");
        expect(codeOf(await guest.rpc.mutate("signaling.createRoom", {}))).toEqual([
          401,
          "UNAUTHENTICATED",
        ]);
      });

      test("a wrong invite is answered as a room that is not there", async () => {
        const { roomId } = await createRoom(owner);
        const { inviteToken } = await createRoom(owner);
        for (const rpc of [anonymous, stranger]) {
          const attempts = await Promise.all(
            [
              { roomId, inviteToken: "wrong" },
              { roomId, inviteToken },
              { roomId },
              { roomId: randomUUID(), inviteToken },
            ].map((input) => rpc.mutate("signaling.join", { ...input, displayName: "Eve" })),
          );
          for (const refused of attempts) {
            expect(codeOf(refused)).toEqual([404, "NOT_FOUND"]);
            expect(refused.error?.message).toBe(attempts[0]?.error?.message);
          }
        }
      });

      test("of twenty who want the last seat one gets it", async () => {
        const room = await createRoom(owner, 2);
        await join(room, "Maja", { rpc: owner });
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            anonymous.mutate("signaling.join", { ...room, displayName: `Guest ${index}` }),
          ),
        );
        expect(answers.filter(({ data }) => data)).toHaveLength(1);
        for (const refused of answers.filter(({ error }) => error)) {
          expect(codeOf(refused)).toEqual([409, "ROOM_FULL"]);
        }
        const { data } = await owner.query("signaling.peers", { roomId: room.roomId });
        expect(data.peers).toHaveLength(2);
      });

      test("coming back is never refused by a full room, and replaces the old connection", async () => {
        const room = await createRoom(owner, 2);
        const { roomId } = room;
        const maja = await join(room, "Maja", { rpc: owner });
        const before = await join(room, "Iben");
        const oldStream = await followRoom(target, before, roomId);
        await sendMessages(maja, roomId, numbered(0, 1));
        await expect.poll(() => oldStream.events.length, soon).toBe(1);

        const after = await join(room, "Iben", { resumeToken: before.resumeToken });
        expect(after.peerId).toBe(before.peerId);
        await expect.poll(() => oldStream.end, soon).not.toBeNull();
        for (const refused of [
          await sendMessages(before, roomId, numbered(0, 1)),
          await before.rpc.query("signaling.pull", { roomId }),
          await before.rpc.mutate("signaling.leave", { roomId }),
        ]) {
          expect(codeOf(refused)).toEqual([401, "UNAUTHENTICATED"]);
        }
        const { data } = await owner.query("signaling.peers", { roomId });
        expect(data.peers).toHaveLength(2);
        const [{ cursor } = { cursor: "" }] = oldStream.events.map(({ data }) => data);
        await sendMessages(maja, roomId, numbered(1, 1));
        expect((await pullMessages(after, roomId, cursor)).messages).toMatchObject([
          { payload: { number: 1 } },
        ]);
      });

      test("a signed-in member who joins again has one seat", async () => {
        const room = await createRoom(owner, 2);
        const first = await join(room, "Maja", { rpc: owner });
        const second = await join(room, "Maja, phone", { rpc: owner });
        expect(second.peerId).toBe(first.peerId);
        await join(room, "Iben");
      });
    });

    describe("rights", () => {
      test("a token of one room opens no other, nor anything of an account", async () => {
        const [room, other] = [await createRoom(owner), await createRoom(owner)];
        const maja = await join(room, "Maja", { rpc: owner });
        const guest = await join(other, "Eve");
        const { roomId } = room;
        for (const refused of [
          await guest.rpc.mutate("signaling.send", { roomId, messages: numbered(0, 1) }),
          await guest.rpc.query("signaling.pull", { roomId }),
          await guest.rpc.query("signaling.peers", { roomId }),
          await guest.rpc.mutate("signaling.leave", { roomId }),
          await guest.rpc.query("signaling.turnConfig", { roomId }),
          await guest.rpc.mutate("signaling.kick", { roomId, peerId: maja.peerId }),
          await guest.rpc.mutate("signaling.closeRoom", { roomId }),
        ]) {
          expect(codeOf(refused)).toEqual([404, "NOT_FOUND"]);
        }
        for (const path of ["files.list", "storage.list", "auth.sessions", "crons.list"]) {
          expect(codeOf(await guest.rpc.query(path))).toEqual([401, "UNAUTHENTICATED"]);
        }
        expect((await guest.rpc.query("auth.me")).data).toBeNull();
      });

      test("without any token a room is closed to everybody", async () => {
        const { roomId } = await createRoom(owner);
        for (const refused of [
          await anonymous.mutate("signaling.send", { roomId, messages: numbered(0, 1) }),
          await anonymous.query("signaling.pull", { roomId }),
          await anonymous.query("signaling.peers", { roomId }),
          await anonymous.mutate("signaling.leave", { roomId }),
          await anonymous.mutate("signaling.kick", { roomId, peerId: "x" }),
          await anonymous.mutate("signaling.closeRoom", { roomId }),
        ]) {
          expect(codeOf(refused)).toEqual([401, "UNAUTHENTICATED"]);
        }
      });

      test("a guest may neither kick nor close", async () => {
        const room = await createRoom(owner);
        const { roomId } = room;
        const maja = await join(room, "Maja", { rpc: owner });
        const guest = await join(room, "Eve");
        for (const refused of [
          await guest.rpc.mutate("signaling.kick", { roomId, peerId: maja.peerId }),
          await guest.rpc.mutate("signaling.closeRoom", { roomId }),
        ]) {
          expect(codeOf(refused)).toEqual([403, "FORBIDDEN"]);
        }
      });

      test("who is kicked hears no more and can say no more", async () => {
        const room = await createRoom(owner);
        const { roomId } = room;
        const maja = await join(room, "Maja", { rpc: owner });
        const guest = await join(room, "Eve");
        const stream = await followRoom(target, guest, roomId);
        const kicked = await owner.mutate("signaling.kick", { roomId, peerId: guest.peerId });
        expect(kicked.data).toMatchObject({ kicked: true, inviteToken: expect.any(String) });
        await expect.poll(() => stream.end, soon).not.toBeNull();
        await sendMessages(maja, roomId, numbered(0, 1));
        expect(stream.events).toEqual([]);
        expect(codeOf(await sendMessages(guest, roomId, numbered(0, 1)))).toEqual([
          401,
          "UNAUTHENTICATED",
        ]);
        const { data } = await owner.query("signaling.peers", { roomId });
        expect(data.peers).toMatchObject([{ peerId: maja.peerId }]);
        const again = await owner.mutate("signaling.kick", { roomId, peerId: guest.peerId });
        expect(codeOf(again)).toEqual([404, "NOT_FOUND"]);
      });

      test("a kick and a revoked invite void the link, and nobody's seat", async () => {
        const room = await createRoom(owner, 3);
        const { roomId } = room;
        const maja = await join(room, "Maja", { rpc: owner });
        const guest = await join(room, "Eve");
        const { data } = await owner.mutate("signaling.kick", { roomId, peerId: guest.peerId });
        const refused = (inviteToken: string) =>
          anonymous.mutate("signaling.join", { roomId, inviteToken, displayName: "Eve" });
        expect(codeOf(await refused(room.inviteToken))).toEqual([404, "NOT_FOUND"]);
        const iben = await join({ roomId, inviteToken: data.inviteToken }, "Iben");
        const { data: next } = await owner.mutate("signaling.rotateInvite", { roomId });
        expect(codeOf(await refused(data.inviteToken))).toEqual([404, "NOT_FOUND"]);
        await join({ roomId, inviteToken: next.inviteToken }, "Karl");
        for (const peer of [maja, iben]) {
          expect((await sendMessages(peer, roomId, numbered(0, 1))).error).toBeUndefined();
        }
        expect(codeOf(await iben.rpc.mutate("signaling.rotateInvite", { roomId }))).toEqual([
          403,
          "FORBIDDEN",
        ]);
      });

      test("who leaves frees the seat at once", async () => {
        const room = await createRoom(owner);
        const { roomId } = room;
        await join(room, "Maja", { rpc: owner });
        const guest = await join(room, "Iben");
        expect((await guest.rpc.mutate("signaling.leave", { roomId })).error).toBeUndefined();
        expect(codeOf(await sendMessages(guest, roomId, numbered(0, 1)))).toEqual([
          401,
          "UNAUTHENTICATED",
        ]);
        const { data } = await owner.query("signaling.peers", { roomId });
        expect(data.peers).toHaveLength(1);
        await join(room, "Karl");
      });

      test("a closed room tells everybody so", async () => {
        const room = await createRoom(owner, 3);
        const { roomId } = room;
        const maja = await join(room, "Maja", { rpc: owner });
        const guest = await join(room, "Iben");
        const stream = await followRoom(target, guest, roomId);
        expect((await owner.mutate("signaling.closeRoom", { roomId })).data).toEqual({
          closed: true,
        });
        await expect.poll(() => stream.end, soon).toBe("ROOM_CLOSED");
        for (const refused of [
          await sendMessages(maja, roomId, numbered(0, 1)),
          await guest.rpc.query("signaling.pull", { roomId }),
          await anonymous.mutate("signaling.join", { ...room, displayName: "Karl" }),
          await owner.mutate("signaling.join", { roomId, displayName: "Maja" }),
        ]) {
          expect(codeOf(refused)).toEqual([409, "ROOM_CLOSED"]);
        }
      });
    });

    describe("TURN", () => {
      const isConfig = (data: Record<string, unknown>) => {
        expect(["cloudflare", "coturn", "stun-only"]).toContain(data.provider);
        const servers = data.iceServers as { urls: string | string[]; credential?: string }[];
        const urls = servers.flatMap((server) => server.urls);
        expect(urls.length).toBeGreaterThan(0);
        for (const url of urls) {
          expect(url).toMatch(/^(stun|turns?):/);
          expect(url).not.toMatch(/:53(\?|$)/);
        }
        if (data.provider === "stun-only") {
          expect(data.expiresAt).toBeNull();
          expect(servers.every((server) => server.credential === undefined)).toBe(true);
        } else {
          expect(Date.parse(String(data.expiresAt))).toBeGreaterThan(Date.now());
          expect(servers.some((server) => server.credential)).toBe(true);
        }
      };

      test("is configured for members and for guests of a room, and for nobody else", async () => {
        const room = await createRoom(owner);
        const guest = await join(room, "Iben");
        isConfig((await owner.query("signaling.turnConfig", {})).data);
        isConfig((await owner.query("signaling.turnConfig", { roomId: room.roomId })).data);
        isConfig((await guest.rpc.query("signaling.turnConfig", { roomId: room.roomId })).data);
        isConfig((await guest.rpc.query("signaling.turnConfig", {})).data);
        for (const input of [{}, { roomId: room.roomId }]) {
          expect(codeOf(await anonymous.query("signaling.turnConfig", input))).toEqual([
            401,
            "UNAUTHENTICATED",
          ]);
        }
        const foreign = await stranger.query("signaling.turnConfig", { roomId: room.roomId });
        expect(codeOf(foreign)).toEqual([404, "NOT_FOUND"]);
      });

      test("the same participant is given the same credentials while they are fresh", async () => {
        const first = (await owner.query("signaling.turnConfig", {})).data;
        expect((await owner.query("signaling.turnConfig", {})).data).toEqual(first);
      });
    });
  });
}
