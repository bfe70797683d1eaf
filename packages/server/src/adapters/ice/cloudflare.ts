import { z } from "zod";
import { type Clock, systemClock } from "../../ports/clock";
import type { IceProvider } from "../../ports/ice-provider";

/** Cloudflare refuses more. */
const maxTtlSeconds = 172_800;

const serverSchema = z.object({
  urls: z.union([z.string(), z.array(z.string()).min(1)]),
  username: z.string().optional(),
  credential: z.string().optional(),
});
// The older form is one entry with every URL in it.
const answerSchema = z.object({
  iceServers: z.union([z.array(serverSchema).min(1), serverSchema.transform((one) => [one])]),
});

function readAnswer(text: string) {
  try {
    return answerSchema.parse(JSON.parse(text)).iceServers;
  } catch {
    // Without the cause: a parser's message quotes what it read, and that may be credentials.
    throw new Error("Cloudflare's answer is not of the documented form");
  }
}

/** Cloudflare Realtime TURN: each call mints a user name of its own. */
export function createCloudflareIceProvider(options: {
  keyId: string;
  apiToken: string;
  baseUrl?: string;
  fetch?: typeof globalThis.fetch;
  clock?: Clock;
}): IceProvider {
  const {
    keyId,
    apiToken,
    baseUrl = "https://rtc.live.cloudflare.com/v1",
    fetch = globalThis.fetch,
    clock = systemClock,
  } = options;
  const url = `${baseUrl}/turn/keys/${encodeURIComponent(keyId)}/credentials`;
  const post = (path: string, body: object | null, signal: AbortSignal) =>
    fetch(`${url}/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiToken}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
      // A redirect would carry the token elsewhere.
      redirect: "error",
      signal,
    });
  return {
    name: "cloudflare",
    stunServers: [{ urls: ["stun:stun.cloudflare.com:3478"] }],
    async issue(_subject, ttlSeconds, signal) {
      const ttl = Math.min(ttlSeconds, maxTtlSeconds);
      // Read before the call: the credentials' time runs from some instant after it.
      const expiresAt = new Date(clock.now().getTime() + ttl * 1000);
      const response = await post("generate-ice-servers", { ttl }, signal);
      if (!response.ok) {
        await response.body?.cancel();
        throw new Error(`Cloudflare answered ${response.status}`);
      }
      const iceServers = readAnswer(await response.text());
      const relay = iceServers.find(({ username, credential }) => username && credential);
      if (!relay) throw new Error("Cloudflare's answer holds no credentials");
      return { iceServers, expiresAt, revocableAs: relay.username ?? null };
    },
    async revoke(username, signal) {
      const response = await post(`${encodeURIComponent(username)}/revoke`, null, signal);
      await response.body?.cancel();
      // Cloudflare knows none that ended by themselves.
      if (response.ok || response.status === 404) return true;
      throw new Error(`Cloudflare answered ${response.status}`);
    },
  };
}
