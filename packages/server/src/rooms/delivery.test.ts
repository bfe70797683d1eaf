import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createPostgresRoomBus } from "../adapters/room-bus/postgres";
import type { RoomBus } from "../ports/room-bus";
import { openRoom, openStream, type StreamEvent, sitDown } from "../testing/rooms";
import { callerFor, createTestServices, type TestServices } from "../testing/test-context";

let services: TestServices;
let buses: RoomBus[] = [];
beforeAll(async () => {
  services = await createTestServices();
});
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.close()));
  buses = [];
});
afterAll(() => services.dispose());

/** A server process of its own, as far as rooms go: another bus, and so other feeds, on the same database. */
async function startProcess(): Promise<TestServices> {
  const { connectionString = "" } = services.pool.options;
  const bus = createPostgresRoomBus({ connectionString, log: services.log });
  buses.push(bus);
  await expect.poll(() => bus.live, { timeout: 5_000 }).toBe(true);
  return { ...services, bus };
}

const numbersOf = (events: StreamEvent[], from: string) =>
  events.flatMap((event) => ("payload" in event && event.from === from ? [event.payload] : []));

test("streams cut and resumed, on either process, lose and double nothing while many send at once", async () => {
  const processes = [await startProcess(), await startProcess()];
  const pick = (index: number) => processes[index % 2] ?? services;
  const room = await openRoom(services, { capacity: 6 });
  const { roomId } = room;
  const reader = await sitDown(services, null, room);
  const senders = await Promise.all(Array.from({ length: 5 }, () => sitDown(services, null, room)));
  const perSender = 120;

  let isSending = true;
  const sending = Promise.all(
    senders.map(async ({ roomToken }, index) => {
      const caller = await callerFor(pick(index), roomToken);
      for (let number = 0; number < perSender; number += 2) {
        const messages = [number, number + 1].map((payload) => ({ kind: "n", payload }));
        await caller.signaling.send({ roomId, messages });
      }
    }),
  ).finally(() => {
    isSending = false;
  });

  const received: StreamEvent[] = [];
  let lastEventId = reader.cursor;
  let cuts = 0;
  const listen = async () => {
    const stream = await openStream(pick(cuts++), reader.roomToken, { roomId, lastEventId });
    await new Promise((resolve) => setTimeout(resolve, 30));
    await stream.cut();
    received.push(...stream.events);
    lastEventId = stream.lastEventId() ?? lastEventId;
  };
  while (isSending) await listen();
  await sending;
  const rest = await openStream(pick(cuts), reader.roomToken, { roomId, lastEventId });
  await rest.until(senders.length * perSender - received.length);
  received.push(...rest.events);
  await rest.cut();

  expect(cuts).toBeGreaterThan(3);
  for (const { peerId } of senders) {
    expect(numbersOf(received, peerId)).toEqual(Array.from({ length: perSender }, (_, n) => n));
  }
  const seqs = received.map(({ cursor }) => Number(cursor.split(":")[1]));
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
});

test("peers on different processes hear each other, and a kick on one ends a stream on the other within a second", async () => {
  const [here, there] = [await startProcess(), await startProcess()];
  const room = await openRoom(here);
  const { roomId } = room;
  const [ada, ben] = [await sitDown(here, null, room), await sitDown(there, null, room)];
  const toAda = await openStream(here, ada.roomToken, { roomId });
  const toBen = await openStream(there, ben.roomToken, { roomId });
  const adaHere = await callerFor(here, ada.roomToken);
  const benThere = await callerFor(there, ben.roomToken);
  for (let round = 0; round < 20; round++) {
    await adaHere.signaling.send({ roomId, messages: [{ kind: "ping", payload: round }] });
    await toBen.until(round + 1);
    await benThere.signaling.send({ roomId, messages: [{ kind: "pong", payload: round }] });
    await toAda.until(round + 1);
  }
  // As through a process that dies before it can tell the others: only looking at the rooms shows it.
  const silent = await callerFor(services, room.owner);
  const { inviteToken } = await silent.signaling.kick({ roomId, peerId: ben.peerId });
  expect(await toBen.ended).toMatchObject({ code: "FORBIDDEN" });

  const cleo = await sitDown(there, null, { roomId, inviteToken });
  const toCleo = await openStream(there, cleo.roomToken, { roomId });
  const owner = await callerFor(here, room.owner);
  await owner.signaling.kick({ roomId, peerId: cleo.peerId });
  const second = new Promise((resolve) => setTimeout(resolve, 1_000, "still open"));
  expect(await Promise.race([toCleo.ended, second])).toMatchObject({ code: "FORBIDDEN" });
  await toAda.cut();
});

test("while notifications cannot be had, the rooms are polled", async () => {
  const deaf: RoomBus = {
    live: false,
    publish() {},
    subscribe: () => () => {},
    async close() {},
  };
  const here = { ...services, bus: deaf };
  const room = await openRoom(services);
  const { roomId } = room;
  const [ada, ben] = [await sitDown(services, null, room), await sitDown(services, null, room)];
  const stream = await openStream(here, ben.roomToken, { roomId });
  await ada.caller.signaling.send({ roomId, messages: [{ kind: "first", payload: null }] });
  await stream.until(1);
  await ada.caller.signaling.send({ roomId, messages: [{ kind: "second", payload: null }] });
  expect((await stream.until(2)).map(({ kind }) => kind)).toEqual(["first", "second"]);
  await room.ownerCaller.signaling.kick({ roomId, peerId: ben.peerId });
  const second = new Promise((resolve) => setTimeout(resolve, 1_000, "still open"));
  expect(await Promise.race([stream.ended, second])).toMatchObject({ code: "FORBIDDEN" });
});

test("a reader far behind catches up without a gap", async () => {
  const room = await openRoom(services);
  const { roomId } = room;
  const [ada, ben] = [await sitDown(services, null, room), await sitDown(services, null, room)];
  // Somebody is at the live end, so the room's feed keeps its own few rows.
  const live = await openStream(services, ben.roomToken, { roomId });
  for (let call = 0; call < 16; call++) {
    const messages = Array.from({ length: 50 }, (_, n) => ({ kind: "n", payload: call * 50 + n }));
    await ada.caller.signaling.send({ roomId, messages });
  }
  const late = await openStream(services, ben.roomToken, { roomId, lastEventId: ben.cursor });
  const expected = Array.from({ length: 800 }, (_, n) => n);
  expect(numbersOf(await live.until(800), ada.peerId)).toEqual(expected);
  expect(numbersOf(await late.until(800), ada.peerId)).toEqual(expected);
  await Promise.all([live.cut(), late.cut()]);
});

test("a stream outlives the loss of every database connection", async () => {
  const [here, there] = [await startProcess(), await startProcess()];
  const room = await openRoom(here);
  const { roomId } = room;
  const [ada, ben] = [await sitDown(here, null, room), await sitDown(there, null, room)];
  const stream = await openStream(there, ben.roomToken, { roomId });
  await ada.caller.signaling.send({ roomId, messages: [{ kind: "before", payload: null }] });
  await stream.until(1);
  await services.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  const send = async () => {
    await ada.caller.signaling.send({ roomId, messages: [{ kind: "after", payload: null }] });
    return "sent";
  };
  await expect.poll(() => send().catch(String), { timeout: 10_000 }).toBe("sent");
  expect((await stream.until(2)).map(({ kind }) => kind)).toEqual(["before", "after"]);
  await stream.cut();
});
