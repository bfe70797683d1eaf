import { afterEach, beforeEach, expect, test } from "vitest";
import { openDuo, openStream, sitDown } from "../testing/rooms";
import {
  callerFor,
  createTestServices,
  jobContext,
  type TestServices,
} from "../testing/test-context";
import { purgeTurnGrants } from "./turn/purge-turn-grants";
import { purgeClosedRooms } from "./verbs/purge-closed-rooms";
import { purgeExpiredMessages } from "./verbs/purge-expired-messages";

let services: TestServices;
beforeEach(async () => {
  services = await createTestServices();
});
afterEach(() => services.dispose());

const say = (kind: string) => ({ kind, payload: null });

test("messages of the last hour stay, older ones go, and whoever missed them is told so", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  await ada.caller.signaling.send({ roomId, messages: [say("old"), say("old")] });
  services.clock.advance(3_590);
  await ada.caller.signaling.send({ roomId, messages: [say("kept")] });
  expect(await purgeExpiredMessages(jobContext(services))).toEqual({ deleted: 0, batches: 0 });
  services.clock.advance(20);
  // Two joins and two messages.
  expect(await purgeExpiredMessages(jobContext(services))).toEqual({ deleted: 4, batches: 1 });

  const stream = await openStream(services, ben.roomToken, { roomId, lastEventId: ben.cursor });
  const events = await stream.until(2);
  expect(events.map(({ kind }) => kind)).toEqual(["reset", "kept"]);
  await stream.cut();
  const { messages, cursor } = await ben.caller.signaling.pull({ roomId, after: ben.cursor });
  expect(messages).toEqual(events);
  expect(cursor).toBe(events[1]?.cursor);
  // From the reset on, nothing is missing.
  const resumed = await ben.caller.signaling.pull({ roomId, after: events[0]?.cursor });
  expect(resumed.messages.map(({ kind }) => kind)).toEqual(["kept"]);
});

test("a reader who missed everything gets a reset, then what comes", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  await ada.caller.signaling.send({ roomId, messages: [say("old")] });
  services.clock.advance(3_700);
  await purgeExpiredMessages(jobContext(services));
  const pulled = await ben.caller.signaling.pull({ roomId, after: ben.cursor });
  expect(pulled.messages).toEqual([{ kind: "reset", cursor: pulled.cursor }]);
  const stream = await openStream(services, ben.roomToken, { roomId, lastEventId: ben.cursor });
  await stream.until(1);
  await ada.caller.signaling.send({ roomId, messages: [say("new")] });
  expect((await stream.until(2)).map(({ kind }) => kind)).toEqual(["reset", "new"]);
  await stream.cut();
});

test("a reader who missed nothing gets no reset, however much was purged", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const live = await openStream(services, ben.roomToken, { roomId, lastEventId: ben.cursor });
  await ada.caller.signaling.send({ roomId, messages: [say("old")] });
  await live.until(1);
  services.clock.advance(3_700);
  await purgeExpiredMessages(jobContext(services));
  await ada.caller.signaling.send({ roomId, messages: [say("new")] });
  expect((await live.until(2)).map(({ kind }) => kind)).toEqual(["old", "new"]);
  await live.cut();
  const resumed = await ben.caller.signaling.pull({ roomId, after: live.events[0]?.cursor });
  expect(resumed.messages.map(({ kind }) => kind)).toEqual(["new"]);
});

test("with presence, a peer that only talks is given a newer cursor before its own words are purged", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const { cursor } = await ben.caller.signaling.send({ roomId, messages: [say("mine")] });
  services.clock.advance(1_000);
  const input = { roomId, lastEventId: ben.cursor, presence: true };
  const stream = await openStream(services, ben.roomToken, input);
  expect(await stream.until(1)).toMatchObject([{ kind: "room.cursor", cursor }]);
  await stream.cut();
  services.clock.advance(3_000);
  await purgeExpiredMessages(jobContext(services));
  await ada.caller.signaling.send({ roomId, messages: [say("new")] });
  const resumed = await openStream(services, ben.roomToken, { ...input, lastEventId: cursor });
  expect((await resumed.until(1)).map(({ kind }) => kind)).toEqual(["new"]);
  await resumed.cut();
});

test("a purge works in batches, beside another one, and stops when it is told to", async () => {
  const { roomId, ada } = await openDuo(services);
  for (let call = 0; call < 20; call++) {
    await ada.caller.signaling.send({
      roomId,
      messages: Array.from({ length: 10 }, () => say("n")),
    });
  }
  services.clock.advance(3_700);
  const job = jobContext(services);
  const stopped = { ...job, signal: AbortSignal.abort() };
  expect(await purgeExpiredMessages(stopped)).toEqual({ deleted: 0, batches: 0 });
  const runs = await Promise.all([
    purgeExpiredMessages(job, { batchRows: 20 }),
    purgeExpiredMessages(job, { batchRows: 20 }),
  ]);
  expect(runs.reduce((sum, { deleted }) => sum + deleted, 0)).toBe(202);
  expect(runs.reduce((sum, { batches }) => sum + batches, 0)).toBeGreaterThanOrEqual(5);
  expect(await services.db.message.count()).toBe(0);
});

test("rooms go a day after their time is up, with all that is in them", async () => {
  const old = await openDuo(services);
  await old.ownerCaller.signaling.closeRoom({ roomId: old.roomId });
  services.clock.advance(47 * 3600);
  const young = await openDuo(services);
  expect(await purgeClosedRooms(jobContext(services))).toEqual({ deleted: 0, batches: 0 });
  services.clock.advance(2 * 3600);
  expect(await purgeClosedRooms(jobContext(services))).toEqual({ deleted: 1, batches: 1 });
  expect(await services.db.room.findMany({ select: { id: true } })).toEqual([{ id: young.roomId }]);
  expect(await services.db.peer.count()).toBe(2);
  // The young room works on.
  const ada = await callerFor(services, young.ada.roomToken);
  await ada.signaling.send({ roomId: young.roomId, messages: [say("here")] });
  await sitDown(services, null, { roomId: young.roomId, resumeToken: young.ben.resumeToken });
});

test("records of TURN credentials go a week after these expired", async () => {
  const now = services.clock.now();
  const data = { provider: "coturn", subject: "user:x", createdAt: now };
  await services.db.turnGrant.create({ data: { ...data, id: "a", expiresAt: now } });
  services.clock.advance(6 * 86_400);
  expect(await purgeTurnGrants(jobContext(services))).toEqual({ deleted: 0, batches: 0 });
  services.clock.advance(2 * 86_400);
  expect(await purgeTurnGrants(jobContext(services))).toEqual({ deleted: 1, batches: 1 });
});
