import { afterAll, beforeAll, expect, test } from "vitest";
import { toAppError } from "../ground/errors";
import { codeOf, openDuo, openRoom, openStream, sitDown } from "../testing/rooms";
import { callerFor, createTestServices, type TestServices } from "../testing/test-context";
import { reloadSeconds } from "./stream/timing";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

test("a peer whose page went keeps its seat until somebody else needs it", async () => {
  const room = await openDuo(services);
  const { roomId, ada, ben } = room;
  await ben.caller.signaling.leave({ roomId, mayReturn: true });
  const { peers } = await ada.caller.signaling.peers({ roomId });
  expect(peers.find(({ peerId }) => peerId === ben.peerId)).toMatchObject({
    online: false,
    away: true,
  });

  const { resumeToken } = ben;
  const back = await sitDown(services, null, { roomId, resumeToken });
  expect(back.peerId).toBe(ben.peerId);
  const [, again] = (await ada.caller.signaling.peers({ roomId })).peers;
  expect(again?.away).toBeUndefined();
});

test("somebody else gets the seat of a page that went, once it could have been reloaded", async () => {
  const room = await openDuo(services);
  const { roomId, ben } = room;
  expect(await codeOf(sitDown(services, null, room))).toBe("ROOM_FULL");
  await ben.caller.signaling.leave({ roomId, mayReturn: true });
  const refused = await sitDown(services, null, room).catch((error: unknown) => toAppError(error));
  expect(refused).toMatchObject({ details: { retryAfterSeconds: reloadSeconds } });
  services.clock.advance(reloadSeconds + 1);
  const cleo = await sitDown(services, null, room);
  expect(cleo.peerId).not.toBe(ben.peerId);
  const late = sitDown(services, null, { roomId, resumeToken: ben.resumeToken });
  expect(await codeOf(late)).toBe("NOT_FOUND");
});

test("others hear that a page went, and the page itself is not put out by it", async () => {
  const { roomId, ada, ben } = await openDuo(services);
  const lastEventId = ben.cursor;
  const stream = await openStream(services, ada.roomToken, { roomId, lastEventId, presence: true });
  await ben.caller.signaling.leave({ roomId, mayReturn: true });
  const [heard] = await stream.until(1);
  const { peerId } = ben;
  expect(heard).toMatchObject({ kind: "peer.away", from: peerId, payload: { peerId } });
  await ben.caller.signaling.send({ roomId, messages: [{ kind: "note", payload: 1 }] });
  await stream.cut();
});

test("a join that was given up is taken back by its key, and by nothing else", async () => {
  const room = await openRoom(services, { capacity: 1 });
  const { roomId } = room;
  const joinKey = "0123456789abcdef";
  await sitDown(services, null, { ...room, joinKey });
  const nobody = await callerFor(services, null);
  await nobody.signaling.leave({ roomId, joinKey: "another-key-of-it" });
  expect(await codeOf(sitDown(services, null, room))).toBe("ROOM_FULL");
  await nobody.signaling.leave({ roomId, joinKey });
  await sitDown(services, null, room);
});
