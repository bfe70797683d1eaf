import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { TokenBuckets } from "./token-buckets";

/** Far above what negotiating a call takes, far below what would fill a disk: messages are kept for an hour. */
const messages = { perSecond: 500, burst: 1_000 };
const bytes = { perSecond: 1024 * 1024, burst: 8 * 1024 * 1024 };

// A process has one of each; tests have several side by side.
const allowances = new WeakMap<Services["bus"], { messages: TokenBuckets; bytes: TokenBuckets }>();

/**
 * Counts what a peer sends through this process.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export function allowSending(
  ctx: Pick<Services, "bus" | "clock">,
  peerId: string,
  sent: { messages: number; bytes: number },
): void {
  let allowance = allowances.get(ctx.bus);
  if (!allowance) {
    allowance = { messages: new TokenBuckets(messages), bytes: new TokenBuckets(bytes) };
    allowances.set(ctx.bus, allowance);
  }
  const now = ctx.clock.now();
  const waitSeconds =
    allowance.messages.take(peerId, sent.messages, now) ||
    allowance.bytes.take(peerId, sent.bytes, now);
  if (waitSeconds === 0) return;
  throw new AppError("RATE_LIMITED", { retryAfterSeconds: Math.ceil(waitSeconds * 1000) / 1000 });
}
