import { createHmac } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import type { Clock } from "../../ports/clock";
import type { Notifier } from "../../ports/notifier";

const REQUEST_TIMEOUT_MS = 10_000;
const RETRY_DELAYS_MS = [500, 2_000];

export interface WebhookConfig {
  url: string;
  /** Signs what is sent: as Standard Webhooks says, `whsec_` and base64; any other text is taken as it is. */
  secret?: string;
  clock: Clock;
  fetch?: typeof fetch;
  /** Before each further attempt, after no answer, 429 or 5xx. Default 500 and 2,000 ms. */
  retryDelaysMs?: readonly number[];
}

/**
 * Posts JSON to an address of one's own, with the headers of https://www.standardwebhooks.com: from there it goes to
 * wherever one likes, by mail, too. All attempts bear one `webhook-id`. @throws AppError UPSTREAM_UNAVAILABLE
 */
export function createWebhookNotifier(config: WebhookConfig): Notifier {
  const send = config.fetch ?? fetch;
  const delaysMs = config.retryDelaysMs ?? RETRY_DELAYS_MS;
  return {
    name: "webhook",
    async notify({ kind = "message", severity = "info", title, text, url }) {
      const now = config.clock.now();
      const id = `msg_${newId()}`;
      const seconds = String(Math.floor(now.getTime() / 1000));
      const data = { severity, title, text, url: url ?? null };
      const body = JSON.stringify({ type: kind, timestamp: now.toISOString(), data });
      const headers = {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": seconds,
        ...(config.secret && {
          "webhook-signature": sign(config.secret, `${id}.${seconds}.${body}`),
        }),
      };
      for (let attempt = 0; ; attempt++) {
        const outcome = await post(send, config.url, { headers, body });
        if (outcome === null) return;
        const delayMs = delaysMs[attempt];
        if (delayMs === undefined || !outcome.isTriedAgain) throw refusal(outcome);
        await sleep(delayMs);
      }
    },
  };
}

interface Refusal {
  status?: number;
  cause?: unknown;
  isTriedAgain: boolean;
}

/** @returns null when it was taken */
async function post(
  send: typeof fetch,
  url: string,
  init: { headers: Record<string, string>; body: string },
): Promise<Refusal | null> {
  try {
    const response = await send(url, {
      method: "POST",
      ...init,
      // A signed message goes where it was meant to go.
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return null;
    const { status } = response;
    return { status, isTriedAgain: status === 429 || status >= 500 };
  } catch (cause) {
    return { cause, isTriedAgain: true };
  }
}

function refusal({ status, cause }: Refusal): AppError {
  const details = { service: "webhook", ...(status !== undefined && { status }) };
  return new AppError("UPSTREAM_UNAVAILABLE", details, undefined, { cause });
}

function sign(secret: string, text: string): string {
  const key = secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : secret;
  return `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
}
