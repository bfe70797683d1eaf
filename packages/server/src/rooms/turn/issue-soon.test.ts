import { afterEach, beforeEach, expect, test } from "vitest";
import { createCloudflareIceProvider } from "../../adapters/ice/cloudflare";
import { startCloudflareTurn } from "../../testing/cloudflare-turn";
import { openRoom } from "../../testing/rooms";
import { callerFor, createTestServices, type TestServices } from "../../testing/test-context";

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

async function join(turn?: boolean) {
  const { roomId, inviteToken } = await openRoom(services);
  const guest = await callerFor(services, null);
  return guest.signaling.join({ roomId, inviteToken, displayName: "Ada", turn });
}

async function turnConfig(roomToken: string) {
  return (await callerFor(services, roomToken)).signaling.turnConfig({});
}

test("whoever joins for a call is given what turnConfig gives", async () => {
  let seat = await join(true);
  // On a machine that is busy with other tests the first may have taken too long.
  while (!seat.turn) seat = await join(true);
  expect(seat.turn).toMatchObject({ provider: "cloudflare" });
  const asked = cloudflare.asked.length;
  expect(await turnConfig(seat.roomToken)).toEqual(seat.turn);
  expect(cloudflare.asked).toHaveLength(asked);
});

test("nothing is minted for whoever does not ask", async () => {
  expect((await join()).turn).toBeUndefined();
  expect(cloudflare.asked).toEqual([]);
});

test("a provider that hangs holds up nobody's join", async () => {
  cloudflare.behave("hang");
  const seat = await join(true);
  expect(seat.peerId).toBeTruthy();
  expect(seat.turn).toBeUndefined();
});
