import { afterAll, beforeAll, expect, test } from "vitest";
import { codeOf, openDuo, openRoom, openStream, sitDown } from "../testing/rooms";
import { callerFor, createTestServices, type TestServices } from "../testing/test-context";
import { deleteUser } from "../users/delete-user";
import { endSeats } from "./seats/end-seats";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

const say = (kind: string, payload: unknown = null) => ({ kind, payload });

test("a message reaches the others as it was sent, from whom the token says, and not its sender", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const toBen = await openStream(services, ben.roomToken, { roomId, lastEventId: ben.cursor });
  const toAda = await openStream(services, ada.roomToken, { roomId, lastEventId: ada.cursor });
  const payload = { sdp: "v=0", text: "é 🎹 \\u0000 \"'", list: [1, 2.5, null, true] };
  // A forged sender is not in the contract and is dropped.
  const forged = { roomId, messages: [{ ...say("offer", payload), from: ben.peerId }] };
  const { cursor } = await ada.caller.signaling.send(forged);

  const [message] = await toBen.until(1);
  expect(message).toEqual({
    cursor,
    from: ada.peerId,
    to: null,
    kind: "offer",
    payload,
    sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect(toBen.lastEventId()).toBe(cursor);
  await ben.caller.signaling.send({ roomId, messages: [say("answer")] });
  expect((await toAda.until(1)).map(({ kind }) => kind)).toEqual(["answer"]);
  expect(toBen.events).toHaveLength(1);
  await Promise.all([toBen.cut(), toAda.cut()]);
});

test("the log and the live stream give the same payload", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const live = await openStream(services, ben.roomToken, { roomId });
  const payloads = [{ b: 1, a: [{}] }, "text", 0.1, false, null, [], "\\u0000 stays text"];
  await ada.caller.signaling.send({ roomId, messages: payloads.map((one) => say("app", one)) });
  const events = await live.until(payloads.length);
  await live.cut();
  const { messages } = await ben.caller.signaling.pull({ roomId, after: ben.cursor });
  expect(messages).toEqual(events);
  expect(messages.map((event) => "payload" in event && event.payload)).toEqual(payloads);
});

test("a message to one peer is seen by that peer only", async () => {
  const room = await openRoom(services, { capacity: 3 });
  const { roomId } = room;
  const [ada, ben, cleo] = [
    await sitDown(services, null, room),
    await sitDown(services, null, room),
    await sitDown(services, null, room),
  ];
  await ada.caller.signaling.send({ roomId, to: cleo.peerId, messages: [say("secret")] });
  await ada.caller.signaling.send({ roomId, messages: [say("open")] });
  const kinds = async (caller: typeof ada.caller) =>
    (await caller.signaling.pull({ roomId })).messages.map(({ kind }) => kind);
  expect(await kinds(ada.caller)).toEqual([]);
  expect(await kinds(ben.caller)).toEqual(["open"]);
  expect(await kinds(cleo.caller)).toEqual(["secret", "open"]);
});

test("a message to somebody who does not sit here is refused and not kept", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const elsewhere = (await openDuo(services)).ben;
  const { signaling } = ada.caller;
  for (const to of ["nobody", elsewhere.peerId]) {
    expect(await codeOf(signaling.send({ roomId, to, messages: [say("x")] }))).toBe("NOT_FOUND");
  }
  const toSelf = signaling.send({ roomId, to: ada.peerId, messages: [say("x")] });
  expect(await codeOf(toSelf)).toBe("INVALID_INPUT");
  await ben.caller.signaling.leave({ roomId });
  const toGone = signaling.send({ roomId, to: ben.peerId, messages: [say("x")] });
  expect(await codeOf(toGone)).toBe("NOT_FOUND");
  const { rows } = await services.pool.query(
    `SELECT 1 FROM "Message" WHERE "roomId" = $1 AND "kind" = 'x'`,
    [roomId],
  );
  expect(rows).toEqual([]);
});

test("payloads are bounded in size, depth and characters; kinds of the server are its own", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const { signaling } = ada.caller;
  const send = (...messages: { kind: string; payload: unknown }[]) =>
    codeOf(signaling.send({ roomId, messages }));
  expect(await send(say("fits", "x".repeat(32 * 1024 - 2)))).toBe("no failure");
  expect(await send(say("big", "x".repeat(32 * 1024 - 1)))).toBe("PAYLOAD_TOO_LARGE");
  expect(await send(say("big", "é".repeat(17 * 1024)))).toBe("PAYLOAD_TOO_LARGE");
  expect(await send(say("first"), say("big", "x".repeat(64 * 1024)))).toBe("PAYLOAD_TOO_LARGE");
  expect(await send(say("nul", { text: "\0" }))).toBe("INVALID_INPUT");
  expect(await send(say("half", "\ud83c"))).toBe("INVALID_INPUT");
  const nest = (depth: number) => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as unknown;
  expect(await send(say("deep", nest(100)))).toBe("no failure");
  expect(await send(say("deep", nest(101)))).toBe("INVALID_INPUT");
  expect(await send(say("deep", nest(7_000)))).toBe("INVALID_INPUT");
  for (const kind of ["peer.left", "peer.joined", "room.closed", "reset", "", "a b"]) {
    expect(await send(say(kind))).toBe("INVALID_INPUT");
  }
  expect(await send()).toBe("INVALID_INPUT");
  expect(await send(...Array.from({ length: 51 }, () => say("x")))).toBe("INVALID_INPUT");
  const { messages } = await ben.caller.signaling.pull({ roomId });
  expect(messages.map(({ kind }) => kind)).toEqual(["fits", "deep"]);
});

test("a peer that floods is refused with a time to wait; others are not", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const messages = Array.from({ length: 50 }, () => say("flood"));
  const send = (caller: typeof ada.caller) => caller.signaling.send({ roomId, messages });
  const results = await Promise.allSettled(Array.from({ length: 60 }, () => send(ada.caller)));
  const refused = results.filter((result) => result.status === "rejected");
  expect(refused.length).toBeGreaterThan(10);
  expect(refused[0]?.reason).toMatchObject({
    cause: { code: "RATE_LIMITED", details: { retryAfterSeconds: expect.any(Number) } },
  });
  expect(await codeOf(send(ben.caller))).toBe("no failure");
  services.clock.advance(2);
  expect(await codeOf(send(ada.caller))).toBe("no failure");
});

test("without a cursor a stream begins where the peer joined; nothing older is shown", async () => {
  const room = await openRoom(services);
  const { roomId } = room;
  const ada = await sitDown(services, null, room);
  await ada.caller.signaling.send({ roomId, messages: [say("before")] });
  const ben = await sitDown(services, null, room);
  await ada.caller.signaling.send({ roomId, messages: [say("after")] });
  const epoch = ben.cursor.split(":")[0];
  for (const lastEventId of [undefined, `${epoch}:0`, ben.cursor]) {
    const stream = await openStream(services, ben.roomToken, { roomId, lastEventId });
    expect((await stream.until(1)).map(({ kind }) => kind)).toEqual(["after"]);
    await stream.cut();
  }
});

test("who comes back with its own cursor gets what was said meanwhile; from the join's cursor only what is new", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  await ada.caller.signaling.send({ roomId, messages: [say("meanwhile")] });
  const again = await sitDown(services, null, { roomId, resumeToken: ben.resumeToken });
  await ada.caller.signaling.send({ roomId, messages: [say("new")] });
  const kinds = async (after: string) =>
    (await again.caller.signaling.pull({ roomId, after })).messages.map(({ kind }) => kind);
  expect(await kinds(ben.cursor)).toEqual(["meanwhile", "new"]);
  expect(await kinds(again.cursor)).toEqual(["new"]);
});

test("joins, returns and leaves are told to those who ask for presence", async () => {
  const room = await openRoom(services, { capacity: 3 });
  const { roomId } = room;
  const ada = await sitDown(services, null, room);
  const asked = await openStream(services, ada.roomToken, { roomId, presence: true });
  const plain = await openStream(services, ada.roomToken, { roomId });
  const ben = await sitDown(services, null, { ...room, displayName: "Ben" });
  const again = await sitDown(services, null, { roomId, resumeToken: ben.resumeToken });
  await again.caller.signaling.leave({ roomId });
  const cleo = await sitDown(services, null, room);
  await cleo.caller.signaling.send({ roomId, messages: [say("hello")] });

  const events = await asked.until(5);
  const { peerId } = ben;
  expect(events).toMatchObject([
    { kind: "peer.joined", from: peerId, payload: { peerId, displayName: "Ben", connection: 1 } },
    { kind: "peer.joined", from: peerId, payload: { peerId, connection: 2, polite: true } },
    { kind: "peer.left", from: peerId, payload: { peerId, reason: "left" } },
    { kind: "peer.joined", from: cleo.peerId },
    { kind: "hello" },
  ]);
  expect((await plain.until(1)).map(({ kind }) => kind)).toEqual(["hello"]);
  const pulled = await ada.caller.signaling.pull({ roomId, presence: true });
  expect(pulled.messages).toEqual(events);
  await Promise.all([asked.cut(), plain.cut()]);
});

test("pulling goes on from its own cursor and ends", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const { signaling } = ada.caller;
  for (let call = 0; call < 12; call++) {
    const messages = Array.from({ length: 50 }, (_, index) => say("n", call * 50 + index));
    await signaling.send({ roomId, messages });
  }
  const pull = (after?: string) => ben.caller.signaling.pull({ roomId, after });
  const first = await pull();
  const second = await pull(first.cursor);
  expect(first.messages).toHaveLength(500);
  const numbers = [...first.messages, ...second.messages].map(
    (event) => "payload" in event && event.payload,
  );
  expect(numbers).toEqual(Array.from({ length: 600 }, (_, index) => index));
  const third = await pull(second.cursor);
  expect(third).toEqual({ messages: [], cursor: second.cursor });
});

test("a cursor of another life, or from the future, is answered with a reset", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  await ada.caller.signaling.send({ roomId, messages: [say("old")] });
  const [epoch, seq] = ada.cursor.split(":");
  for (const lastEventId of [`other:${seq}`, `${epoch}:999999`]) {
    const stream = await openStream(services, ben.roomToken, { roomId, lastEventId });
    const [reset] = await stream.until(1);
    expect(reset?.kind).toBe("reset");
    expect(stream.lastEventId()).toBe(reset?.cursor);
    await ada.caller.signaling.send({ roomId, messages: [say("new")] });
    expect((await stream.until(2)).map(({ kind }) => kind)).toEqual(["reset", "new"]);
    await stream.cut();
    const pulled = await ben.caller.signaling.pull({ roomId, after: lastEventId });
    expect(pulled.messages).toEqual([{ kind: "reset", cursor: pulled.cursor }]);
  }
  const malformed = ben.caller.signaling.pull({ roomId, after: "no cursor" });
  expect(await codeOf(malformed)).toBe("INVALID_INPUT");
});

test("a token shows its room only, also to a stream", async () => {
  const [mine, other] = [await openDuo(services), await openDuo(services)];
  const stream = await openStream(services, mine.ada.roomToken, { roomId: other.roomId });
  expect(await stream.ended).toEqual({ code: "NOT_FOUND" });
  const anonymous = await openStream(services, null, { roomId: mine.roomId });
  expect(await anonymous.ended).toEqual({ code: "UNAUTHENTICATED" });
});

test("one guest may hold ten streams, and one user ten over all rooms", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const open = () => openStream(services, ada.roomToken, { roomId });
  const streams = await Promise.all(Array.from({ length: 10 }, open));
  const eleventh = await open();
  expect(await eleventh.ended).toMatchObject({ code: "RATE_LIMITED" });
  await streams[0]?.cut();
  const next = await open();
  await ben.caller.signaling.send({ roomId, messages: [say("hello")] });
  await next.until(1);
  await Promise.all([...streams, next].map((stream) => stream.cut()));

  const one = await openRoom(services);
  const two = await one.ownerCaller.signaling.createRoom({});
  const seats = [await sitDown(services, one.owner, one), await sitDown(services, one.owner, two)];
  const fifty = await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const [seat, room] = index % 2 ? [seats[0], one] : [seats[1], two];
      return openStream(services, seat?.roomToken ?? null, { roomId: room.roomId });
    }),
  );
  await one.ownerCaller.signaling.closeRoom({ roomId: one.roomId });
  await one.ownerCaller.signaling.closeRoom({ roomId: two.roomId });
  const ends = await Promise.all(fifty.map(({ ended }) => ended));
  expect(ends.filter(({ code }) => code === "ROOM_CLOSED")).toHaveLength(10);
  expect(ends.filter(({ code }) => code === "RATE_LIMITED")).toHaveLength(40);
});

test("a stream ends within a second of a kick, a leave, a replacement and the room's end, after the last word", async () => {
  const ends = {
    kick: { code: "FORBIDDEN", details: { reason: "kicked" } },
    leave: { code: "FORBIDDEN", details: { reason: "left" } },
    replace: { code: "FORBIDDEN", details: { reason: "replaced" } },
    close: { code: "ROOM_CLOSED" },
  };
  for (const [how, expected] of Object.entries(ends)) {
    const { roomId, ownerCaller, ada, ben } = await openDuo(services);
    const stream = await openStream(services, ben.roomToken, { roomId });
    const others = await openStream(services, ada.roomToken, { roomId });
    await ada.caller.signaling.send({ roomId, messages: [say("last")] });
    if (how === "kick") await ownerCaller.signaling.kick({ roomId, peerId: ben.peerId });
    if (how === "leave") await ben.caller.signaling.leave({ roomId });
    if (how === "replace") await sitDown(services, null, { roomId, resumeToken: ben.resumeToken });
    if (how === "close") await ownerCaller.signaling.closeRoom({ roomId });
    const second = new Promise((resolve) => setTimeout(resolve, 1_000, "still open"));
    expect(await Promise.race([stream.ended, second])).toEqual(expected);
    expect(stream.events.map(({ kind }) => kind)).toEqual(["last"]);
    if (how !== "close") {
      await (await callerFor(services, ada.roomToken)).signaling.peers({ roomId });
      expect(await Promise.race([others.ended, Promise.resolve("open")])).toBe("open");
    }
    await others.cut();
  }
});

test("whose sign-in ends in a call is told so, and the others hear it too", async () => {
  const room = await openRoom(services);
  const { roomId } = room;
  const host = await sitDown(services, room.owner, room);
  const guest = await sitDown(services, null, room);
  const own = await openStream(services, host.roomToken, { roomId, lastEventId: host.cursor });
  const others = await openStream(services, guest.roomToken, {
    roomId,
    lastEventId: guest.cursor,
    presence: true,
  });
  expect(await endSeats(services, { userId: room.owner.id })).toBe(1);
  // Pages of the release before end by the reason that they know.
  const details = { reason: "kicked", signedOut: true };
  expect(await own.ended).toEqual({ code: "FORBIDDEN", details });
  const [left] = await others.until(1);
  expect(left).toMatchObject({
    kind: "peer.left",
    payload: { peerId: host.peerId, ...details },
  });
  await others.cut();
});

test("an open stream keeps its peer online and ends when the room's time is up or its owner is gone", async () => {
  const apart = await createTestServices();
  try {
    const room = await openDuo(apart);
    const { roomId, ada, ben } = room;
    const stream = await openStream(apart, ada.roomToken, { roomId });
    apart.clock.advance(50);
    const isOnline = async () => {
      const { peers } = await room.ownerCaller.signaling.peers({ roomId });
      return Object.fromEntries(peers.map(({ peerId, online }) => [peerId, online]));
    };
    await expect
      .poll(isOnline, { timeout: 10_000 })
      .toEqual({ [ada.peerId]: true, [ben.peerId]: false });
    apart.clock.advance(25 * 3600);
    expect(await stream.ended).toEqual({ code: "ROOM_CLOSED" });

    const orphan = await openDuo(apart);
    const last = await openStream(apart, orphan.ada.roomToken, { roomId: orphan.roomId });
    const { caller } = await sitDown(apart, null, {
      roomId: orphan.roomId,
      resumeToken: orphan.ben.resumeToken,
    });
    await caller.signaling.send({ roomId: orphan.roomId, messages: [say("hello")] });
    await last.until(1);
    await deleteUser(apart, orphan.owner.id);
    expect(await last.ended).toEqual({ code: "ROOM_CLOSED" });
  } finally {
    await apart.dispose();
  }
});
