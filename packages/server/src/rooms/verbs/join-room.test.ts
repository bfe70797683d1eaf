import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeOf, openDuo, openRoom, openStream, sitDown } from "../../testing/rooms";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../../testing/test-context";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

test("only signed-in users create rooms", async () => {
  const nobody = await callerFor(services, null);
  expect(await codeOf(nobody.signaling.createRoom({}))).toBe("UNAUTHENTICATED");
  const { ada } = await openDuo(services);
  expect(await codeOf(ada.caller.signaling.createRoom({}))).toBe("UNAUTHENTICATED");
});

test("a room seats two by default and lasts for a day", async () => {
  const owner = await createTestUser(services);
  const caller = await callerFor(services, owner);
  const { roomId, expiresAt } = await caller.signaling.createRoom();
  const days = (Date.parse(expiresAt) - Date.now()) / 86_400_000;
  expect(days).toBeCloseTo(1, 2);
  expect((await caller.signaling.rooms()).items).toMatchObject([{ roomId, capacity: 2 }]);
});

test("guests come in with the invite token, the owner without, and nobody else", async () => {
  const room = await openRoom(services, { capacity: 4 });
  const stranger = await createTestUser(services);
  const { roomId, inviteToken, owner } = room;
  const missing = { roomId: "missing", inviteToken };
  const wrong = { roomId, inviteToken: "fmi_wrong" };
  for (const who of [null, stranger]) {
    expect(await codeOf(sitDown(services, who, { roomId }))).toBe("NOT_FOUND");
    expect(await codeOf(sitDown(services, who, wrong))).toBe("NOT_FOUND");
    expect(await codeOf(sitDown(services, who, missing))).toBe("NOT_FOUND");
  }
  const first = await sitDown(services, owner, { roomId });
  const guest = await sitDown(services, null, { ...room, displayName: " Ben " });
  const member = await sitDown(services, stranger, room);

  expect(first).toMatchObject({ polite: false, peers: [] });
  expect(guest).toMatchObject({ polite: true, peers: [{ peerId: first.peerId, online: true }] });
  expect(member.peers.map(({ peerId }) => peerId)).toEqual([first.peerId, guest.peerId]);
  const { peers } = await guest.caller.signaling.peers({ roomId });
  expect(peers.map(({ displayName }) => displayName)).toEqual(["Ada", "Ben", "Ada"]);
});

test("another room's invite opens nothing", async () => {
  const [room, other] = [await openRoom(services), await openRoom(services)];
  const crossed = { roomId: room.roomId, inviteToken: other.inviteToken };
  expect(await codeOf(sitDown(services, null, crossed))).toBe("NOT_FOUND");
});

test("the database holds hashes of the tokens only", async () => {
  const { roomId, inviteToken, ada } = await openDuo(services);
  const { rows } = await services.pool.query(
    `SELECT to_jsonb(r) || to_jsonb(p) AS "all" FROM "Room" r JOIN "Peer" p ON p."roomId" = r."id" WHERE r."id" = $1`,
    [roomId],
  );
  const text = JSON.stringify(rows);
  expect(text).toContain(ada.peerId);
  for (const token of [inviteToken, ada.roomToken, ada.resumeToken]) {
    expect(text).not.toContain(token);
    expect(text).not.toContain(Buffer.from(token).toString("hex"));
  }
});

test("a full room refuses a third identity, whoever it is", async () => {
  const room = await openDuo(services);
  expect(await codeOf(sitDown(services, null, room))).toBe("ROOM_FULL");
  expect(await codeOf(sitDown(services, room.owner, room))).toBe("ROOM_FULL");
});

test("of many joins racing for the last seat one gets it, every time", async () => {
  for (let round = 0; round < 40; round++) {
    const room = await openRoom(services);
    await sitDown(services, null, room);
    const results = await Promise.allSettled(
      Array.from({ length: 4 }, () => sitDown(services, null, room)),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const { items } = await room.ownerCaller.signaling.rooms();
    expect(items[0]?.peers).toHaveLength(2);
    expect(items[0]?.peers.filter(({ polite }) => !polite)).toHaveLength(1);
  }
});

test("the resume token replaces the connection: same seat, new tokens, old ones void, never full", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const again = await sitDown(services, null, { roomId, resumeToken: ben.resumeToken });

  expect(again).toMatchObject({ peerId: ben.peerId, polite: ben.polite });
  expect(again.peers.map(({ peerId }) => peerId)).toEqual([ada.peerId]);
  expect(again.roomToken).not.toBe(ben.roomToken);
  const stale = await callerFor(services, ben.roomToken);
  expect(await codeOf(stale.signaling.peers({ roomId }))).toBe("UNAUTHENTICATED");
  const reused = { roomId, resumeToken: ben.resumeToken };
  expect(await codeOf(sitDown(services, null, reused))).toBe("NOT_FOUND");
  const third = await sitDown(services, null, { roomId, resumeToken: again.resumeToken });
  expect(third.peerId).toBe(ben.peerId);
});

test("a resume token is good for its own room only", async () => {
  const [room, other] = [await openDuo(services), await openDuo(services)];
  const crossed = { roomId: other.roomId, resumeToken: room.ada.resumeToken };
  expect(await codeOf(sitDown(services, null, crossed))).toBe("NOT_FOUND");
});

test("a signed-in user who joins twice has one seat", async () => {
  const room = await openRoom(services);
  const first = await sitDown(services, room.owner, room);
  await sitDown(services, null, room);
  const second = await sitDown(services, room.owner, { roomId: room.roomId });
  expect(second.peerId).toBe(first.peerId);
  expect(await codeOf(first.caller.signaling.send(hello(room.roomId)))).toBe("UNAUTHENTICATED");
});

test("two connections of one identity joining at once end as one seat", async () => {
  const room = await openRoom(services);
  const seats = await Promise.all(
    Array.from({ length: 5 }, () => sitDown(services, room.owner, room)),
  );
  expect(new Set(seats.map(({ peerId }) => peerId)).size).toBe(1);
  const tokens = await Promise.all(
    seats.map(async ({ roomToken }) => {
      const caller = await callerFor(services, roomToken);
      return codeOf(caller.signaling.peers({ roomId: room.roomId }));
    }),
  );
  expect(tokens.filter((code) => code === "no failure")).toHaveLength(1);
});

test("exactly one of two stays impolite through leaving and coming back", async () => {
  const room = await openDuo(services);
  const { roomId, ada, ben } = room;
  expect([ada.polite, ben.polite]).toEqual([false, true]);
  await ada.caller.signaling.leave({ roomId });
  const cleo = await sitDown(services, null, room);
  expect(cleo.polite).toBe(false);
  const again = await sitDown(services, null, { roomId, resumeToken: ben.resumeToken });
  expect(again.polite).toBe(true);
  await again.caller.signaling.leave({ roomId });
  const dan = await sitDown(services, null, room);
  expect([cleo.polite, dan.polite]).toEqual([false, true]);
});

test("who left has no tokens any more and frees the seat; leaving twice at once is leaving", async () => {
  const room = await openDuo(services);
  const { roomId, ben } = room;
  const twice = [ben.caller.signaling.leave({ roomId }), ben.caller.signaling.leave({ roomId })];
  expect(await Promise.all(twice)).toEqual([{ left: true }, { left: true }]);
  const late = await callerFor(services, ben.roomToken);
  expect(await codeOf(late.signaling.leave({ roomId }))).toBe("UNAUTHENTICATED");
  const resumed = { roomId, resumeToken: ben.resumeToken };
  expect(await codeOf(sitDown(services, null, resumed))).toBe("NOT_FOUND");
  const next = await sitDown(services, null, room);
  expect(next.peerId).not.toBe(ben.peerId);
});

test("a replaced connection cannot end its successor", async () => {
  const { roomId, ben } = await openDuo(services);
  const again = await sitDown(services, null, { roomId, resumeToken: ben.resumeToken });
  // The old caller's identity was resolved before it was replaced.
  await ben.caller.signaling.leave({ roomId });
  expect((await again.caller.signaling.peers({ roomId })).peers).toHaveLength(2);
});

test("a seat is held for a vanished peer, then given to whoever needs it", async () => {
  const apart = await createTestServices();
  try {
    const room = await openDuo(apart);
    apart.clock.advance(60);
    expect(await codeOf(sitDown(apart, null, room))).toBe("ROOM_FULL");
    // Ben is heard of, Ada is not.
    await (await callerFor(apart, room.ben.roomToken)).signaling.pull({ roomId: room.roomId });
    apart.clock.advance(100);
    const { peers } = await sitDown(apart, null, room);
    expect(peers.map(({ peerId, online }) => ({ peerId, online }))).toEqual([
      { peerId: room.ben.peerId, online: false },
    ]);
    const ghost = await callerFor(apart, room.ada.roomToken);
    expect(await codeOf(ghost.signaling.peers({ roomId: room.roomId }))).toBe("UNAUTHENTICATED");
  } finally {
    await apart.dispose();
  }
});

describe("an offer that comes with a join", () => {
  const offer = { sdp: "v=0", me: "a connection" };

  test("reaches the one who is there, right behind the news, and nobody else", async () => {
    const room = await openRoom(services, { capacity: 3 });
    const ada = await sitDown(services, null, room);
    const stream = await openStream(services, ada.roomToken, { ...room, presence: true });
    const ben = await sitDown(services, null, { ...room, offer });
    const cleo = await sitDown(services, null, { ...room, offer: { sdp: "another" } });
    expect([ada.offeredTo, ben.offeredTo, cleo.offeredTo]).toEqual([
      undefined,
      ada.peerId,
      ada.peerId,
    ]);
    expect(await stream.until(4)).toMatchObject([
      { kind: "peer.joined", from: ben.peerId },
      { kind: "offer", from: ben.peerId, to: ada.peerId, payload: offer },
      { kind: "peer.joined", from: cleo.peerId },
      { kind: "offer", from: cleo.peerId, to: ada.peerId },
    ]);
    await stream.cut();
    expect((await ben.caller.signaling.pull({ roomId: room.roomId })).messages).toEqual([]);
    // Numbers go on without a gap, and the joiner's place is the one of the news of it.
    const seqOf = (cursor: string) => Number(cursor.split(":")[1]);
    expect(seqOf(cleo.cursor)).toBe(seqOf(ben.cursor) + 2);
  });

  test("is dropped where nobody is", async () => {
    const room = await openRoom(services);
    const ada = await sitDown(services, null, { ...room, offer });
    expect(ada.offeredTo).toBeUndefined();
    const ben = await sitDown(services, null, room);
    expect((await ben.caller.signaling.pull({ roomId: room.roomId })).messages).toEqual([]);
  });

  test("goes past a seat that is only held, to somebody who listens", async () => {
    const apart = await createTestServices();
    try {
      const room = await openRoom(apart, { capacity: 3 });
      await sitDown(apart, null, room);
      apart.clock.advance(90);
      const ben = await sitDown(apart, null, room);
      expect((await sitDown(apart, null, { ...room, offer })).offeredTo).toBe(ben.peerId);
    } finally {
      await apart.dispose();
    }
  });

  test("is bounded as every message, and takes no seat when it is refused", async () => {
    const room = await openRoom(services);
    await sitDown(services, null, room);
    const large = { ...room, offer: "x".repeat(64 * 1024) };
    expect(await codeOf(sitDown(services, null, large))).toBe("PAYLOAD_TOO_LARGE");
    expect(await codeOf(sitDown(services, null, { ...room, offer: "\0" }))).toBe("INVALID_INPUT");
    const { resumeToken } = await sitDown(services, null, { ...room, offer });
    const again = { roomId: room.roomId, resumeToken, offer };
    expect(await codeOf(sitDown(services, null, again))).toBe("no failure");
  });

  test("is refused to whoever has no right to the room, like the join", async () => {
    const { roomId, ada } = await openDuo(services);
    const stranger = { roomId, inviteToken: "fmi_wrong", offer };
    expect(await codeOf(sitDown(services, null, stranger))).toBe("NOT_FOUND");
    const { messages } = await ada.caller.signaling.pull({ roomId });
    expect(messages).toEqual([]);
  });
});

test("a closed or expired room says so to those who may know it, and to nobody else", async () => {
  const apart = await createTestServices();
  try {
    for (const end of ["close", "expire"] as const) {
      const room = await openDuo(apart);
      if (end === "close") await room.ownerCaller.signaling.closeRoom({ roomId: room.roomId });
      else apart.clock.advance(25 * 3600);
      const { roomId, ada, owner } = room;
      const resumed = { roomId, resumeToken: ada.resumeToken };
      expect(await codeOf(sitDown(apart, null, room))).toBe("ROOM_CLOSED");
      expect(await codeOf(sitDown(apart, owner, { roomId }))).toBe("ROOM_CLOSED");
      expect(await codeOf(sitDown(apart, null, resumed))).toBe("ROOM_CLOSED");
      expect(await codeOf(sitDown(apart, null, { roomId }))).toBe("NOT_FOUND");
      const peer = await callerFor(apart, ada.roomToken);
      expect(await codeOf(peer.signaling.send(hello(roomId)))).toBe("ROOM_CLOSED");
      expect(await codeOf(peer.signaling.pull({ roomId }))).toBe("ROOM_CLOSED");
      expect(await codeOf(peer.signaling.peers({ roomId }))).toBe("ROOM_CLOSED");
      expect(await codeOf(peer.signaling.turnConfig({}))).toBe("ROOM_CLOSED");
      expect(await peer.signaling.leave({ roomId })).toEqual({ left: true });
    }
  } finally {
    await apart.dispose();
  }
});

function hello(roomId: string) {
  return { roomId, messages: [{ kind: "hello", payload: null }] };
}
