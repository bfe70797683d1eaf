import { afterEach, beforeEach, expect, test } from "vitest";
import { createCloudflareIceProvider } from "../../adapters/ice/cloudflare";
import { startCloudflareTurn } from "../../testing/cloudflare-turn";
import { openDuo, openRoom, sitDown } from "../../testing/rooms";
import {
  callerFor,
  createServicesOn,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../../testing/test-context";
import { revokeEndedGrants } from "./revoke-ended-grants";

const key = { keyId: "key", apiToken: "cf-api-secret" };
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

type Caller = Awaited<ReturnType<typeof callerFor>>;
async function usernameFor(caller: Caller, roomId?: string) {
  const { iceServers } = await caller.signaling.turnConfig({ roomId });
  return iceServers.find(({ username }) => username)?.username;
}

test("who leaves, is kicked or is in a room that is closed loses the credentials", async () => {
  for (const how of ["leave", "kick", "close"] as const) {
    const { roomId, ownerCaller, ada, ben } = await openDuo(services);
    const [adas, bens] = [await usernameFor(ada.caller), await usernameFor(ben.caller)];
    cloudflare.revoked.length = 0;
    if (how === "leave") await ben.caller.signaling.leave({ roomId });
    if (how === "kick") await ownerCaller.signaling.kick({ roomId, peerId: ben.peerId });
    if (how === "close") await ownerCaller.signaling.closeRoom({ roomId });
    expect(cloudflare.revoked.toSorted()).toEqual(how === "close" ? [adas, bens].sort() : [bens]);
    expect(await revokeEndedGrants(services)).toEqual({ revoked: 0, failed: 0 });
  }
});

test("a user in two rooms keeps them until the last one is left, and gets new ones afterwards", async () => {
  const user = await createTestUser(services);
  const [one, two] = [await openRoom(services), await openRoom(services)];
  const first = await sitDown(services, user, one);
  const second = await sitDown(services, user, two);
  const name = await usernameFor(first.caller);
  expect(await usernameFor(second.caller)).toBe(name);
  await first.caller.signaling.leave(one);
  expect(cloudflare.revoked).toEqual([]);
  expect(await usernameFor(second.caller)).toBe(name);
  await second.caller.signaling.leave(two);
  expect(cloudflare.revoked).toEqual([name]);
  const again = await sitDown(services, user, one);
  expect(await usernameFor(again.caller)).not.toBe(name);
});

test("another process does not hand out what was revoked here", async () => {
  const user = await createTestUser(services);
  const room = await openRoom(services);
  const url = services.pool.options.connectionString ?? "";
  const ice = createCloudflareIceProvider({ ...key, baseUrl: cloudflare.baseUrl });
  const elsewhere = await createServicesOn(url, { ice });
  try {
    const seat = await sitDown(elsewhere, user, room);
    const name = await usernameFor(seat.caller);
    await (await callerFor(services, seat.roomToken)).signaling.leave(room);
    expect(cloudflare.revoked).toEqual([name]);
    const again = await sitDown(elsewhere, user, room);
    expect(await usernameFor(again.caller)).not.toBe(name);
  } finally {
    await elsewhere.dispose();
  }
});

test("a provider that does not answer keeps nobody from leaving, and is told later", async () => {
  const { roomId, ada } = await openDuo(services);
  const name = await usernameFor(ada.caller);
  cloudflare.behave(500);
  expect(await ada.caller.signaling.leave({ roomId })).toEqual({ left: true });
  expect(await revokeEndedGrants(services)).toEqual({ revoked: 0, failed: 1 });
  cloudflare.behave("list");
  expect(await revokeEndedGrants(services)).toEqual({ revoked: 1, failed: 0 });
  expect(cloudflare.revoked).toEqual([name]);
});

test("what has run out by itself is not revoked", async () => {
  const { roomId, ada } = await openDuo(services);
  await usernameFor(ada.caller);
  cloudflare.behave(500);
  await ada.caller.signaling.leave({ roomId });
  services.clock.advance(3_700);
  expect(await revokeEndedGrants(services)).toEqual({ revoked: 0, failed: 0 });
});

test("credentials end with the room that they are for", async () => {
  const { ada } = await openDuo(services);
  services.clock.advance(24 * 3600 - 600);
  await usernameFor(ada.caller);
  expect(cloudflare.asked.at(-1)?.ttl).toBeLessThanOrEqual(600);
});
