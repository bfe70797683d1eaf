import { limits } from "@fermata/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hashToken, newId } from "../ground/secrets";
import { codeOf, openDuo, openRoom, sitDown } from "../testing/rooms";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../testing/test-context";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

type Caller = Awaited<ReturnType<typeof callerFor>>;
const hello = [{ kind: "hello", payload: null }];

/** What each of a peer's procedures answers in a room. */
async function peerCodes(caller: Caller, roomId: string) {
  return {
    send: await codeOf(caller.signaling.send({ roomId, messages: hello })),
    pull: await codeOf(caller.signaling.pull({ roomId })),
    messages: await codeOf(firstEvent(caller, roomId)),
    leave: await codeOf(caller.signaling.leave({ roomId })),
    peers: await codeOf(caller.signaling.peers({ roomId })),
    turnConfig: await codeOf(caller.signaling.turnConfig({ roomId })),
    kick: await codeOf(caller.signaling.kick({ roomId, peerId: "nobody" })),
    closeRoom: await codeOf(caller.signaling.closeRoom({ roomId })),
  };
}

async function firstEvent(caller: Caller, roomId: string) {
  const stream = await caller.signaling.messages({ roomId });
  return stream[Symbol.asyncIterator]().next();
}

function all(code: string) {
  const names = "send pull messages leave peers turnConfig kick closeRoom".split(" ");
  return Object.fromEntries(names.map((name) => [name, code]));
}

test("nobody is asked to sign in", async () => {
  const { roomId } = await openDuo(services);
  const nobody = await callerFor(services, null);
  expect(await peerCodes(nobody, roomId)).toEqual(all("UNAUTHENTICATED"));
  expect(await peerCodes(await callerFor(services, "fmr_forged"), roomId)).toEqual(
    all("UNAUTHENTICATED"),
  );
  expect(await codeOf(nobody.signaling.rooms())).toBe("UNAUTHENTICATED");
  expect(await codeOf(nobody.signaling.turnUsage())).toBe("UNAUTHENTICATED");
});

test("strangers find no such room, be it there or not", async () => {
  const { roomId } = await openDuo(services);
  const stranger = await callerFor(services, await createTestUser(services));
  const elsewhere = (await openDuo(services)).ada.caller;
  for (const caller of [stranger, elsewhere]) {
    expect(await peerCodes(caller, roomId)).toEqual(all("NOT_FOUND"));
    expect(await peerCodes(caller, "missing")).toEqual(all("NOT_FOUND"));
  }
});

test("the owner without a room token may look and manage, but not speak", async () => {
  const { roomId, ownerCaller } = await openDuo(services);
  expect(await peerCodes(ownerCaller, roomId)).toEqual({
    send: "FORBIDDEN",
    pull: "FORBIDDEN",
    messages: "FORBIDDEN",
    leave: "FORBIDDEN",
    peers: "no failure",
    turnConfig: "no failure",
    kick: "NOT_FOUND",
    closeRoom: "no failure",
  });
});

test("a member may not manage the room", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const { signaling } = ben.caller;
  expect(await codeOf(signaling.kick({ roomId, peerId: ada.peerId }))).toBe("FORBIDDEN");
  expect(await codeOf(signaling.closeRoom({ roomId }))).toBe("FORBIDDEN");
});

test("an admin may close and clear any room", async () => {
  const { roomId, ada } = await openDuo(services);
  const admin = await callerFor(services, await createTestUser(services, "admin"));
  const kicked = await admin.signaling.kick({ roomId, peerId: ada.peerId });
  expect(kicked).toEqual({ kicked: true, inviteToken: expect.stringMatching(/^fmi_/) });
  expect(await admin.signaling.closeRoom({ roomId })).toEqual({ closed: true });
  expect(await admin.signaling.closeRoom({ roomId })).toEqual({ closed: true });
});

test("a peer of another room cannot be kicked through one's own", async () => {
  const [mine, other] = [await openDuo(services), await openDuo(services)];
  const { peerId } = other.ada;
  const kick = mine.ownerCaller.signaling.kick({ roomId: mine.roomId, peerId });
  expect(await codeOf(kick)).toBe("NOT_FOUND");
  expect((await other.ben.caller.signaling.peers(other)).peers).toHaveLength(2);
});

test("a kicked peer's tokens are void, and the seat is free", async () => {
  const room = await openDuo(services);
  const { roomId, ben } = room;
  const { peerId } = ben;
  const { inviteToken } = await room.ownerCaller.signaling.kick({ roomId, peerId });
  const late = await callerFor(services, ben.roomToken);
  expect(await codeOf(late.signaling.send({ roomId, messages: hello }))).toBe("UNAUTHENTICATED");
  const resumed = { roomId, resumeToken: ben.resumeToken };
  expect(await codeOf(sitDown(services, null, resumed))).toBe("NOT_FOUND");
  // Resolved before the kick, used after it.
  expect(await codeOf(ben.caller.signaling.send({ roomId, messages: hello }))).toBe(
    "UNAUTHENTICATED",
  );
  // With the room's next invite, that is: the one that let the kicked guest in lets nobody in any more.
  expect(await codeOf(sitDown(services, null, room))).toBe("NOT_FOUND");
  await sitDown(services, null, { roomId, inviteToken });
});

test("a kicked user comes back neither as such nor as a guest", async () => {
  const room = await openRoom(services);
  const { roomId } = room;
  const user = await createTestUser(services);
  const { peerId } = await sitDown(services, user, room);
  await room.ownerCaller.signaling.kick({ roomId, peerId });
  for (const who of [user, null]) {
    expect(await codeOf(sitDown(services, who, room))).toBe("NOT_FOUND");
  }
  await sitDown(services, room.owner, { roomId });
});

test("a revoked invite lets nobody in; who sits there stays and may come back", async () => {
  const room = await openRoom(services, { capacity: 3 });
  const { roomId, ownerCaller } = room;
  const ada = await sitDown(services, null, room);
  const { inviteToken } = await ownerCaller.signaling.rotateInvite({ roomId });
  expect(await codeOf(sitDown(services, null, room))).toBe("NOT_FOUND");
  const again = await sitDown(services, null, { roomId, resumeToken: ada.resumeToken });
  expect(again.peerId).toBe(ada.peerId);
  await sitDown(services, null, { roomId, inviteToken });

  expect(await codeOf(ada.caller.signaling.rotateInvite({ roomId }))).toBe("FORBIDDEN");
  const stranger = await callerFor(services, await createTestUser(services));
  expect(await codeOf(stranger.signaling.rotateInvite({ roomId }))).toBe("NOT_FOUND");
  await ownerCaller.signaling.closeRoom({ roomId });
  expect(await codeOf(ownerCaller.signaling.rotateInvite({ roomId }))).toBe("ROOM_CLOSED");
});

test("a user has so many rooms open and no more, also when they are opened at once", async () => {
  const owner = await createTestUser(services);
  const caller = await callerFor(services, owner);
  const { roomId } = await caller.signaling.createRoom();
  const template = await services.db.room.findUniqueOrThrow({ where: { id: roomId } });
  const limit = limits.signaling.openRooms;
  await services.db.room.createMany({
    data: Array.from({ length: limit - 3 }, () => {
      const id = newId();
      return { ...template, id, inviteTokenHash: hashToken(id) };
    }),
  });
  const codes = await Promise.all(
    Array.from({ length: 6 }, () => codeOf(caller.signaling.createRoom())),
  );
  expect(codes.sort()).toEqual([
    ...Array(4).fill("QUOTA_EXCEEDED"),
    ...Array(2).fill("no failure"),
  ]);
  await caller.signaling.closeRoom({ roomId });
  await caller.signaling.createRoom();
  await (await callerFor(services, await createTestUser(services))).signaling.createRoom();
});

test("users list their own rooms, admins all, page by page", async () => {
  const owner = await createTestUser(services);
  const caller = await callerFor(services, owner);
  const made: string[] = [];
  for (let count = 0; count < 3; count++) made.push((await caller.signaling.createRoom({})).roomId);
  await openRoom(services);

  const first = await caller.signaling.rooms({ limit: 2 });
  const second = await caller.signaling.rooms({ limit: 2, cursor: first.nextCursor });
  const listed = [...first.items, ...second.items].map(({ roomId }) => roomId);
  expect(listed.sort()).toEqual(made.sort());
  expect(second.nextCursor).toBeNull();
  expect(await codeOf(caller.signaling.rooms({ cursor: "not-a-cursor" }))).toBe("INVALID_INPUT");

  await caller.signaling.closeRoom({ roomId: made[0] ?? "" });
  expect((await caller.signaling.rooms({})).items).toHaveLength(2);
  expect((await caller.signaling.rooms({ open: false })).items).toHaveLength(3);
  const admin = await callerFor(services, await createTestUser(services, "admin"));
  const { items } = await admin.signaling.rooms({ limit: 100, open: false });
  expect(items.length).toBeGreaterThan(3);
  expect(items.map(({ roomId }) => roomId)).toEqual(expect.arrayContaining(made));
});

test("a room's row tells who is in it and what was said in the last minute", async () => {
  const { roomId, ownerCaller, ada } = await openDuo(services);
  const quiet = await ownerCaller.signaling.rooms();
  expect(quiet.items[0]).toMatchObject({ messagesLastMinute: 0, lastMessageAt: null });
  await ada.caller.signaling.send({ roomId, messages: [...hello, ...hello] });
  const { items } = await ownerCaller.signaling.rooms();
  expect(items[0]).toMatchObject({ messagesLastMinute: 2, closedAt: null });
  expect(items[0]?.lastMessageAt).not.toBeNull();
  expect(items[0]?.peers).toHaveLength(2);
});
