import { afterEach, beforeEach, expect, test } from "vitest";
import { createCloudflareIceProvider } from "../../adapters/ice/cloudflare";
import { createCoturnIceProvider } from "../../adapters/ice/coturn";
import type { IceProvider } from "../../ports/ice-provider";
import type { Logger } from "../../ports/logger";
import { startCloudflareTurn } from "../../testing/cloudflare-turn";
import { codeOf, openDuo, openRoom, sitDown } from "../../testing/rooms";
import {
  callerFor,
  createTestServices,
  createTestUser,
  type TestServices,
} from "../../testing/test-context";
import { withoutPort53 } from "./without-port-53";

const key = { keyId: "key", apiToken: "cf-api-secret" };
let services: TestServices;
let cloudflare: Awaited<ReturnType<typeof startCloudflareTurn>>;
let warnings: object[];
beforeEach(async () => {
  cloudflare = await startCloudflareTurn(key);
  warnings = [];
  const ice = createCloudflareIceProvider({ ...key, baseUrl: cloudflare.baseUrl });
  services = await createTestServices({ ice });
  const log: Logger = { ...services.log, warn: (facts) => warnings.push(facts) };
  services = { ...services, log };
});
afterEach(async () => {
  await services.dispose();
  await cloudflare.close();
});

async function turnFor(who: { id: string } | string | null, roomId?: string) {
  const caller = await callerFor(services, who);
  return caller.signaling.turnConfig({ roomId });
}

const usernameOf = ({ iceServers }: Awaited<ReturnType<typeof turnFor>>) =>
  iceServers.find(({ username }) => username)?.username;

test("only signed-in users and members of the room are given servers", async () => {
  const { roomId, owner, ada } = await openDuo(services);
  const stranger = await createTestUser(services);
  expect(await codeOf(turnFor(null))).toBe("UNAUTHENTICATED");
  expect(await codeOf(turnFor(null, roomId))).toBe("UNAUTHENTICATED");
  expect(await codeOf(turnFor(stranger, roomId))).toBe("NOT_FOUND");
  expect(await codeOf(turnFor(ada.roomToken, "missing"))).toBe("NOT_FOUND");
  const other = await openDuo(services);
  expect(await codeOf(turnFor(ada.roomToken, other.roomId))).toBe("NOT_FOUND");
  expect(cloudflare.asked).toEqual([]);
  for (const [who, room] of [
    [ada.roomToken, roomId],
    [ada.roomToken, undefined],
    [owner, roomId],
    [stranger, undefined],
  ] as const) {
    expect(await turnFor(who, room)).toMatchObject({ provider: "cloudflare" });
  }
});

test("credentials are the participant's own, the same until they near their end, and last about an hour", async () => {
  const { ada, ben } = await openDuo(services);
  const first = await turnFor(ada.roomToken);
  const seconds = (Date.parse(first.expiresAt ?? "") - services.clock.now().getTime()) / 1000;
  expect(seconds).toBeGreaterThan(3_590);
  expect(seconds).toBeLessThanOrEqual(3_600);
  expect(await turnFor(ada.roomToken)).toEqual(first);
  expect(usernameOf(await turnFor(ben.roomToken))).not.toBe(usernameOf(first));
  services.clock.advance(2_800);
  expect(await turnFor(ada.roomToken)).toEqual(first);
  services.clock.advance(100);
  const renewed = await turnFor(ada.roomToken);
  expect(usernameOf(renewed)).not.toBe(usernameOf(first));
  expect(cloudflare.asked).toHaveLength(3);
});

test("many asking at once for one participant mint once; each minting is counted", async () => {
  const { owner } = await openRoom(services);
  const answers = await Promise.all(Array.from({ length: 20 }, () => turnFor(owner)));
  expect(new Set(answers.map(usernameOf)).size).toBe(1);
  const admin = await callerFor(services, await createTestUser(services, "admin"));
  const usage = await admin.signaling.turnUsage();
  expect(usage).toEqual({ provider: "cloudflare", mintedToday: 1 });
  const member = await callerFor(services, owner);
  expect(await codeOf(member.signaling.turnUsage())).toBe("FORBIDDEN");
  services.clock.advance(24 * 3600);
  const tomorrow = await callerFor(services, await createTestUser(services, "admin"));
  expect((await tomorrow.signaling.turnUsage()).mintedToday).toBe(0);
});

test("nobody mints without end: a user by the hour, guests by their room", async () => {
  const owner = await createTestUser(services);
  // Another process each time: none of them has the credentials of the one before.
  const restart = () => {
    services = {
      ...services,
      ice: createCloudflareIceProvider({ ...key, baseUrl: cloudflare.baseUrl }),
    };
  };
  for (let count = 0; count < 20; count++) {
    restart();
    await turnFor(owner);
  }
  restart();
  const refused = await turnFor(owner).catch((error: unknown) => error);
  expect(refused).toMatchObject({
    cause: { code: "RATE_LIMITED", details: { limitPerHour: 20 } },
  });
  services.clock.advance(3_601);
  expect(await turnFor(owner)).toMatchObject({ provider: "cloudflare" });

  const room = await openRoom(services);
  const now = services.clock.now();
  await services.db.turnGrant.createMany({
    data: Array.from({ length: 100 }, (_, index) => ({
      id: `grant-${index}`,
      provider: "cloudflare",
      roomId: room.roomId,
      subject: `peer:earlier-${index}`,
      createdAt: now,
      expiresAt: now,
    })),
  });
  const guest = await sitDown(services, null, room);
  expect(await codeOf(turnFor(guest.roomToken))).toBe("RATE_LIMITED");
  expect(await turnFor(room.owner, room.roomId)).toMatchObject({ provider: "cloudflare" });
});

test("nothing on port 53 is given out", async () => {
  const { iceServers } = await turnFor(await createTestUser(services));
  const urls = iceServers.flatMap((server) => server.urls);
  expect(urls).toContain("turn:turn.cloudflare.com:3478?transport=udp");
  expect(urls.filter((url) => url.includes(":53"))).toEqual([]);
  const odd = [{ urls: "turn:a:53" }, { urls: "turn:a:5349" }, { urls: ["stun:a:53", "stun:a"] }];
  expect(withoutPort53(odd)).toEqual([{ urls: ["turn:a:5349"] }, { urls: ["stun:a"] }]);
});

test("a provider that fails, whichever way, leaves STUN within two seconds, and the log says so", async () => {
  const modes = [401, 429, 500, "garbage", "no-credentials", "redirect", "hang"] as const;
  for (const mode of modes) {
    cloudflare.behave(mode);
    const startedAt = performance.now();
    const answer = await turnFor(await createTestUser(services));
    expect(answer).toEqual({
      iceServers: [{ urls: ["stun:stun.cloudflare.com:3478"] }],
      provider: "stun-only",
      expiresAt: null,
    });
    // The contract's own bound, and some time for a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  }
  expect(warnings).toHaveLength(modes.length);
  expect(warnings[0]).toMatchObject({ provider: "cloudflare", err: expect.any(Error) });
  expect(JSON.stringify(warnings.map(({ err }: { err?: unknown }) => String(err)))).not.toContain(
    key.apiToken,
  );
  expect(await services.db.turnGrant.count()).toBe(0);
  cloudflare.behave("list");
  const answer = await turnFor(await createTestUser(services));
  expect(answer.provider).toBe("cloudflare");
});

test("a provider that does not heed its signal is not waited for", async () => {
  const deaf: IceProvider = {
    name: "cloudflare",
    revoke: async () => false,
    stunServers: [{ urls: ["stun:a:3478"] }],
    issue: () => new Promise(() => {}),
  };
  services = { ...services, ice: deaf };
  const answer = await turnFor(await createTestUser(services));
  expect(answer).toMatchObject({ provider: "stun-only", iceServers: [{ urls: ["stun:a:3478"] }] });
});

test("when renewing fails, credentials that still work are given again", async () => {
  const user = await createTestUser(services);
  const first = await turnFor(user);
  services.clock.advance(3_000);
  cloudflare.behave(500);
  expect(await turnFor(user)).toEqual(first);
  services.clock.advance(700);
  expect(await turnFor(user)).toMatchObject({ provider: "stun-only" });
});

test("coturn's credentials name the participant", async () => {
  const ice = createCoturnIceProvider({ secret: "secret", urls: ["turn:turn.example.com:3478"] });
  services = { ...services, ice };
  const room = await openRoom(services);
  const guest = await sitDown(services, null, room);
  const member = await sitDown(services, room.owner, room);
  const expected = { guest: `peer:${guest.peerId}`, member: `user:${room.owner.id}` };
  expect(usernameOf(await turnFor(guest.roomToken))?.replace(/^\d+:/, "")).toBe(expected.guest);
  expect(usernameOf(await turnFor(member.roomToken))?.replace(/^\d+:/, "")).toBe(expected.member);
  const { provider, expiresAt } = await turnFor(room.owner);
  expect(provider).toBe("coturn");
  expect(expiresAt).not.toBeNull();
});
