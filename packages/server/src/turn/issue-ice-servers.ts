import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext, Services } from "../context";
import { AppError } from "../errors";
import type { IceProvider } from "../ports/ice-provider";
import { newId } from "../secrets";
import { requireMember } from "../signaling/require-member";
import { type IceGrant, IceGrants } from "./ice-grants";
import { requireGrantAllowance } from "./require-grant-allowance";
import { withoutPort53 } from "./without-port-53";

type Output = z.output<typeof signaling.turnConfig.output>;

/** How long credentials work: a call that lasts longer asks again before they end. */
const ttlSeconds = 3600;
/** A call that waits longer for its relay feels broken; without a relay most calls connect. */
const providerMs = 1_800;

// A process has one provider; tests have several side by side.
const grantsOf = new WeakMap<IceProvider, IceGrants>();

/**
 * The ICE servers for one participant: a signed-in user, or the bearer of a room token. Credentials are the
 * participant's own and the same until they near their expiry. A provider that fails never makes a call impossible:
 * the answer then has STUN servers only, and says so.
 * @throws AppError UNAUTHENTICATED, NOT_FOUND for a room the caller has no part in, ROOM_CLOSED, RATE_LIMITED
 */
export async function issueIceServers(
  ctx: RequestContext,
  input: { roomId?: string | undefined },
): Promise<Output> {
  const { identity } = ctx;
  if (!identity) throw new AppError("UNAUTHENTICATED");
  const roomId = input.roomId ?? (identity.kind === "peer" ? identity.roomId : null);
  if (roomId) await requireMember(ctx, roomId);
  if (ctx.ice.name === "stun-only") return stunOnly(ctx.ice);

  // A user stays the same one in every room and tab; only guests are known by their seat.
  const subject =
    identity.kind === "peer" && !identity.userId
      ? `peer:${identity.peerId}`
      : `user:${identity.userId}`;
  const grants = grantsOf.get(ctx.ice) ?? new IceGrants();
  grantsOf.set(ctx.ice, grants);
  const fresh = grants.fresh(subject, ctx.clock.now());
  if (fresh) return toOutput(fresh);
  try {
    return toOutput(await grants.mint(subject, () => mint(ctx, subject, roomId)));
  } catch (error) {
    if (error instanceof AppError) throw error;
    ctx.log.warn(
      { err: error, provider: ctx.ice.name },
      "the TURN provider failed; this participant gets no new relay",
    );
    const old = grants.valid(subject, ctx.clock.now());
    return old ? toOutput(old) : stunOnly(ctx.ice);
  }
}

async function mint(
  ctx: RequestContext,
  subject: string,
  roomId: string | null,
): Promise<IceGrant> {
  const guestOfRoom = subject.startsWith("peer:") ? roomId : null;
  await requireGrantAllowance(ctx, { subject, guestOfRoom });
  const issuedAt = ctx.clock.now();
  const issued = await withDeadline(providerMs, (signal) =>
    ctx.ice.issue(subject, ttlSeconds, signal),
  );
  const expiresAt = issued.expiresAt ?? new Date(issuedAt.getTime() + ttlSeconds * 1000);
  const provider = ctx.ice.name;
  await ctx.db.turnGrant.create({
    data: { id: newId(), provider, roomId, subject, createdAt: issuedAt, expiresAt },
  });
  return { iceServers: withoutPort53(issued.iceServers), provider, issuedAt, expiresAt };
}

/** Rejects in time even when the work does not heed its signal. */
async function withDeadline<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms} ms`));
      controller.abort();
    }, ms);
  });
  try {
    return await Promise.race([work(controller.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}

function toOutput({ iceServers, provider, expiresAt }: IceGrant): Output {
  return { iceServers, provider, expiresAt: expiresAt.toISOString() };
}

function stunOnly(ice: Services["ice"]): Output {
  return { iceServers: withoutPort53(ice.stunServers), provider: "stun-only", expiresAt: null };
}
