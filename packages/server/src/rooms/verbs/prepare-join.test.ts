import { afterEach, beforeEach, expect, test } from "vitest";
import { createCloudflareIceProvider } from "../../adapters/ice/cloudflare";
import { startCloudflareTurn } from "../../testing/cloudflare-turn";
import { codeOf, openRoom, sitDown } from "../../testing/rooms";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../../testing/test-context";

const key = { keyId: "key", apiToken: "cf-api-secret" };
const lobbyKey = "a-key-of-the-lobby";
const displayName = "Ben";
let services: TestServices;
let cloudflare: Awaited<ReturnType<typeof startCloudflareTurn>>;
beforeEach(async () => {
  cloudflare = await startCloudflareTurn(key);
  const ice = createCloudflareIceProvider({ ...key, baseUrl: cloudflare.baseUrl });
  services = await createTestServices({ ice });
});
afterEach(async () => {
  await services.dispose();
  await cloudflare.close();
});

async function prepare(
  who: { id: string } | null,
  room: { roomId: string; inviteToken?: string },
  ownKey = lobbyKey,
) {
  const { roomId, inviteToken } = room;
  const caller = await callerFor(services, who);
  return caller.signaling.prepare({ roomId, inviteToken, lobbyKey: ownKey });
}

test("whoever may join is given servers before, and nobody else", async () => {
  const room = await openRoom(services, { capacity: 4 });
  const { roomId, inviteToken, owner } = room;
  const stranger = await createTestUser(services);
  for (const who of [null, stranger]) {
    expect(await codeOf(prepare(who, { roomId }))).toBe("NOT_FOUND");
    expect(await codeOf(prepare(who, { roomId, inviteToken: "fmi_wrong" }))).toBe("NOT_FOUND");
    expect(await codeOf(prepare(who, { roomId: "missing", inviteToken }))).toBe("NOT_FOUND");
  }
  expect(cloudflare.asked).toEqual([]);
  for (const who of [null, stranger]) {
    expect(await prepare(who, room)).toMatchObject({ turn: { provider: "cloudflare" } });
  }
  expect(await prepare(owner, { roomId })).toMatchObject({ turn: { provider: "cloudflare" } });
  await room.ownerCaller.signaling.closeRoom({ roomId });
  expect(await codeOf(prepare(null, room))).toBe("ROOM_CLOSED");
});

test("they are the seat's own once it is taken, and end with it", async () => {
  const room = await openRoom(services);
  const { roomId, inviteToken } = room;
  const { turn } = await prepare(null, room);
  const guest = await callerFor(services, null);
  const seat = await guest.signaling.join({
    roomId,
    inviteToken,
    displayName,
    lobbyKey,
    turn: true,
  });
  expect(seat.turn).toEqual(turn);
  expect(cloudflare.asked).toHaveLength(1);
  await (await callerFor(services, seat.roomToken)).signaling.leave({ roomId });
  const { rows } = await services.pool.query(
    `SELECT "subject", "endedAt" IS NOT NULL AS "hasEnded" FROM "TurnGrant" WHERE "roomId" = $1`,
    [roomId],
  );
  expect(rows).toEqual([{ subject: `peer:${seat.peerId}`, hasEnded: true }]);
});

test("a key opens no seat, and one that was used gives another one", async () => {
  const room = await openRoom(services);
  const { roomId, inviteToken } = room;
  await prepare(null, room);
  expect(await codeOf(sitDown(services, null, { roomId, joinKey: lobbyKey }))).toBe("NOT_FOUND");
  const guest = await callerFor(services, null);
  const join = () => guest.signaling.join({ roomId, inviteToken, displayName, lobbyKey });
  const [first, second] = [await join(), await join()];
  expect(second.peerId).not.toBe(first.peerId);
  // Nor is a seat that was left taken again by it.
  await (await callerFor(services, first.roomToken)).signaling.leave({ roomId });
  const third = await join();
  expect([first.peerId, second.peerId]).not.toContain(third.peerId);
  // In another room the same key is another seat.
  const other = await openRoom(services);
  await prepare(null, other);
  const elsewhere = await guest.signaling.join({
    roomId: other.roomId,
    inviteToken: other.inviteToken,
    displayName,
    lobbyKey,
  });
  expect([first.peerId, second.peerId]).not.toContain(elsewhere.peerId);
});
