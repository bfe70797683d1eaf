import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import { networkOf } from "../../limits/client-network";
import { TokenBuckets } from "../../limits/token-buckets";

/** Far above what negotiating a call takes, far below what would fill a disk: messages are kept for an hour. */
const bounds = {
  /** Of one peer. */
  messages: { perSecond: 500, burst: 1_000 },
  /** Of one network's peers in one room: whoever leaves and joins again goes on where they were. */
  roomMessages: { perSecond: 2_000, burst: 4_000 },
  roomBytes: { perSecond: 1024 * 1024, burst: 8 * 1024 * 1024 },
};
type Allowance = Record<keyof typeof bounds, TokenBuckets>;

// A process has one of each; tests have several side by side.
const allowances = new WeakMap<Services["bus"], Allowance>();

function allowanceOf(bus: Services["bus"]): Allowance {
  let allowance = allowances.get(bus);
  if (!allowance) {
    allowance = {
      messages: new TokenBuckets(bounds.messages),
      roomMessages: new TokenBuckets(bounds.roomMessages),
      roomBytes: new TokenBuckets(bounds.roomBytes),
    };
    allowances.set(bus, allowance);
  }
  return allowance;
}

/**
 * Counts what a peer sends through this process, by the peer and by the network in the room.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export function allowSending(
  ctx: Pick<Services, "bus" | "clock">,
  from: { peerId: string; roomId: string; clientAddress: string },
  sent: { messages: number; bytes: number },
): void {
  const allowance = allowanceOf(ctx.bus);
  const now = ctx.clock.now();
  const place = `${from.roomId}:${networkOf(from.clientAddress)}`;
  const waitSeconds =
    allowance.messages.take(from.peerId, sent.messages, now) ||
    allowance.roomMessages.take(place, sent.messages, now) ||
    allowance.roomBytes.take(place, sent.bytes, now);
  if (waitSeconds === 0) return;
  throw new AppError("RATE_LIMITED", { retryAfterSeconds: Math.ceil(waitSeconds * 1000) / 1000 });
}
