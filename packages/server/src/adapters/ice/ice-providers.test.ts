import { afterAll, beforeAll, expect, test } from "vitest";
import type { IceProvider } from "../../ports/ice-provider";
import { startCloudflareTurn } from "../../testing/cloudflare-turn";
import { requireSystem } from "../../testing/system-packages";
import { TestClock } from "../../testing/test-context";
import { canRelay, startTurnserver } from "../../testing/turnserver";
import { createCloudflareIceProvider } from "./cloudflare";
import { createCoturnIceProvider } from "./coturn";
import { createStaticIceProvider } from "./static";
import { createStunOnlyIceProvider } from "./stun-only";

const key = { keyId: "key", apiToken: "cf-api-secret" };
const clock = new TestClock();
let cloudflare: Awaited<ReturnType<typeof startCloudflareTurn>>;
beforeAll(async () => {
  cloudflare = await startCloudflareTurn(key);
});
afterAll(() => cloudflare.close());

const makers: Record<IceProvider["name"], () => IceProvider> = {
  cloudflare: () => createCloudflareIceProvider({ ...key, baseUrl: cloudflare.baseUrl, clock }),
  coturn: () =>
    createCoturnIceProvider({
      secret: "a shared secret",
      urls: ["turn:turn.example.com:3478?transport=udp"],
      stunUrls: ["stun:turn.example.com:3478"],
      clock,
    }),
  static: () =>
    createStaticIceProvider({
      urls: ["turn:turn.example.com:3478?transport=udp"],
      username: "ada",
      credential: "a password",
    }),
  "stun-only": () => createStunOnlyIceProvider(),
};

const issue = (provider: IceProvider, subject = "user:ada", ttlSeconds = 600) =>
  provider.issue(subject, ttlSeconds, AbortSignal.timeout(5_000));

for (const [name, make] of Object.entries(makers)) {
  test(`${name}: gives servers that a browser takes, and credentials that end when it says`, async () => {
    const provider = make();
    expect(provider.name).toBe(name);
    const { iceServers, expiresAt } = await issue(provider);
    expect(iceServers.length).toBeGreaterThan(0);
    for (const { urls, username, credential } of iceServers) {
      const isTurn = [urls].flat().some((url) => url.startsWith("turn"));
      for (const url of [urls].flat()) expect(url).toMatch(/^(stun|turns?):[\w.-]+(:\d+)?/);
      expect(isTurn).toBe(Boolean(username && credential));
    }
    const seconds = expiresAt && (expiresAt.getTime() - clock.now().getTime()) / 1000;
    if (name === "stun-only" || name === "static") expect(seconds).toBeNull();
    else expect(Math.round(seconds ?? 0)).toBeGreaterThanOrEqual(599);
    for (const { username } of provider.stunServers) expect(username).toBeUndefined();
  });
}

test("cloudflare: revokes by the name that it gave, and takes one that is gone for revoked", async () => {
  const provider = makers.cloudflare();
  const { revocableAs } = await issue(provider);
  const signal = AbortSignal.timeout(5_000);
  expect(await provider.revoke(revocableAs ?? "", signal)).toBe(true);
  expect(cloudflare.revoked).toEqual([revocableAs]);
  cloudflare.behave(404);
  expect(await provider.revoke("gone", signal)).toBe(true);
  for (const status of [401, 429, 500] as const) {
    cloudflare.behave(status);
    await expect(provider.revoke("some", signal)).rejects.toThrow(`${status}`);
  }
  cloudflare.behave("hang");
  await expect(provider.revoke("some", AbortSignal.timeout(50))).rejects.toThrow();
  cloudflare.behave("list");
});

test.each(["coturn", "static", "stun-only"] as const)(
  "%s: says that it cannot revoke",
  async (name) => {
    const provider = makers[name]();
    expect((await issue(provider)).revocableAs).toBeNull();
    expect(await provider.revoke("some", AbortSignal.timeout(5_000))).toBe(false);
  },
);

test("cloudflare: both forms of the answer give the same relays", async () => {
  const provider = makers.cloudflare();
  const turnUrls = async () => {
    const { iceServers } = await issue(provider);
    return iceServers
      .filter(({ username }) => username)
      .flatMap(({ urls }) => urls)
      .filter((url) => url.startsWith("turn"));
  };
  const listed = await turnUrls();
  cloudflare.behave("combined");
  expect(await turnUrls()).toEqual(listed);
  cloudflare.behave("list");
});

test("cloudflare: asks for no more than it may give, and says when that ends", async () => {
  const { expiresAt } = await issue(makers.cloudflare(), "user:ada", 1_000_000);
  expect(cloudflare.asked.at(-1)).toEqual({ ttl: 172_800 });
  expect((expiresAt?.getTime() ?? 0) - clock.now().getTime()).toBeLessThanOrEqual(172_800_000);
});

test("cloudflare: every failure is an error without the token in it", async () => {
  const provider = makers.cloudflare();
  const messageOf = (call: Promise<unknown>) =>
    call.then(
      () => "no failure",
      (error: unknown) => String(error),
    );
  for (const mode of [401, 429, 500, "garbage", "no-credentials", "redirect"] as const) {
    cloudflare.behave(mode);
    const message = await messageOf(issue(provider));
    expect(message).not.toBe("no failure");
    expect(message).not.toContain(key.apiToken);
  }
  cloudflare.behave("hang");
  const hung = provider.issue("user:ada", 600, AbortSignal.timeout(100));
  expect(await messageOf(hung)).toMatch(/abort|timeout/i);
  cloudflare.behave("list");
  const wrong = { ...key, apiToken: "wrong", baseUrl: cloudflare.baseUrl };
  expect(await messageOf(issue(createCloudflareIceProvider(wrong)))).toContain("401");
  const nowhere = { ...key, baseUrl: "http://127.0.0.1:1/v1" };
  expect(await messageOf(issue(createCloudflareIceProvider(nowhere)))).not.toBe("no failure");
});

const programs = requireSystem("turnserver", "turnutils_uclient");

test.skipIf(!programs)(
  "coturn: relays for its credentials, and for no others",
  async () => {
    const [turnserver = "", client = ""] = programs ?? [];
    const secret = "shared with coturn";
    const relay = await startTurnserver({ program: turnserver, secret });
    try {
      const urls = [`turn:127.0.0.1:${relay.port}`];
      const tryRelay = async (options: {
        secret: string;
        ttlSeconds: number;
        subject?: string;
      }) => {
        const provider = createCoturnIceProvider({ secret: options.secret, urls });
        const { subject = "peer:ben", ttlSeconds } = options;
        const { iceServers } = await issue(provider, subject, ttlSeconds);
        const { username = "", credential = "" } = iceServers[0] ?? {};
        return canRelay(client, { port: relay.port, username, credential });
      };
      await expect.poll(() => tryRelay({ secret, ttlSeconds: 60 }), { timeout: 25_000 }).toBe(true);
      expect(await tryRelay({ secret: "another", ttlSeconds: 60 })).toBe(false);
      expect(await tryRelay({ secret, ttlSeconds: -60 })).toBe(false);
    } finally {
      await relay.stop();
    }
  },
  60_000,
);
