import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { networkOf } from "../../limits/client-network";
import { TokenBuckets } from "../../limits/token-buckets";

/** A person who reloads, or whose line breaks, joins a few times a minute. */
const bounds = {
  /** Of one network, in one room. */
  room: { perSecond: 2, burst: 120 },
  /** Of one network, in all rooms. */
  network: { perSecond: 5, burst: 200 },
};

const allowances = new WeakMap<RequestContext["bus"], Record<keyof typeof bounds, TokenBuckets>>();

/**
 * Counts the joins of people without an account: each locks a room and writes to its log.
 * @throws AppError RATE_LIMITED with `retryAfterSeconds`
 */
export function allowJoining(
  ctx: Pick<RequestContext, "bus" | "clock" | "clientAddress" | "identity">,
  roomId: string,
): void {
  if (ctx.identity?.kind === "user") return;
  let allowance = allowances.get(ctx.bus);
  if (!allowance) {
    allowance = { room: new TokenBuckets(bounds.room), network: new TokenBuckets(bounds.network) };
    allowances.set(ctx.bus, allowance);
  }
  const now = ctx.clock.now();
  const network = networkOf(ctx.clientAddress);
  const waitSeconds =
    allowance.room.take(`${roomId}:${network}`, 1, now) ||
    (network === null ? 0 : allowance.network.take(network, 1, now));
  if (waitSeconds > 0) {
    throw new AppError("RATE_LIMITED", { retryAfterSeconds: Math.ceil(waitSeconds) });
  }
}
