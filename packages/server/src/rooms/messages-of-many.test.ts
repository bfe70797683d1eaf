import { afterAll, beforeAll, expect, test } from "vitest";
import { openDuo } from "../testing/rooms";
import { createTestServices, requestContext, type TestServices } from "../testing/test-context";
import { followRooms } from "./verbs/follow-rooms";

let services: TestServices;
beforeAll(async () => {
  services = await createTestServices();
});
afterAll(() => services.dispose());

test("follows several rooms in one stream, and the others go on when one ends", async () => {
  const duos = [await openDuo(services), await openDuo(services), await openDuo(services)];
  const cut = new AbortController();
  const rooms = duos.map(({ ada, ben }) => ({
    roomToken: ada.roomToken,
    lastEventId: ben.cursor,
    presence: true,
  }));
  rooms.push({ roomToken: "fmr_void", lastEventId: duos[0]?.ben.cursor ?? "", presence: true });
  const stream = followRooms(await requestContext(services, null), { rooms }, cut.signal);
  const next = async (count: number) => {
    const seen = [];
    while (seen.length < count) seen.push((await stream.next()).value);
    return seen.sort((a, b) => (a?.room ?? 0) - (b?.room ?? 0));
  };
  expect(await next(4)).toMatchObject([
    { room: 0 },
    { room: 1 },
    { room: 2 },
    { room: 3, error: { appCode: "UNAUTHENTICATED" } },
  ]);
  for (const { roomId, ben } of duos) {
    await ben.caller.signaling.send({ roomId, messages: [{ kind: "note", payload: roomId }] });
  }
  expect((await next(3)).map((item) => item?.event)).toMatchObject(
    duos.map(({ roomId }) => ({ kind: "note", payload: roomId })),
  );
  const [first, second] = duos;
  await first?.ownerCaller.signaling.closeRoom({ roomId: first.roomId });
  expect(await next(1)).toMatchObject([{ room: 0, error: { appCode: "ROOM_CLOSED" } }]);
  await second?.ben.caller.signaling.send({
    roomId: second.roomId,
    messages: [{ kind: "note", payload: "still there" }],
  });
  expect(await next(1)).toMatchObject([{ room: 1, event: { payload: "still there" } }]);
  cut.abort();
  await expect(stream.next()).rejects.toThrow(/come again/);
});
