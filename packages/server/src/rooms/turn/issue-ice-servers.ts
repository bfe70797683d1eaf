import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext, Services } from "../../context";
import { AppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import { requireMember } from "../seats/require-member";
import { type IceGrant, iceGrants } from "./ice-grants";
import { requireGrantAllowance } from "./require-grant-allowance";
import { subjectOf } from "./subject-of";
import { withDeadline } from "./with-deadline";
import { withoutPort53 } from "./without-port-53";

type Output = z.output<typeof signaling.turnConfig.output>;

/** How long credentials work: a call that lasts longer asks again before they end. */
const mostSeconds = 3600;
const leastSeconds = 60;
/** A call that waits longer for its relay feels broken; without a relay most calls connect. */
const providerMs = 1_800;

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
  const room = roomId ? await requireMember(ctx, roomId) : null;
  return iceServersFor(ctx, subjectOf(identity), room);
}

/** Whom credentials are given in, and until when at the most: no call outlives its room. */
interface CallRoom {
  id: string;
  expiresAt: Date;
}

/** The same for a participant whose right to them is known. @throws AppError RATE_LIMITED */
export async function iceServersFor(
  ctx: RequestContext,
  subject: string,
  room: CallRoom | null,
): Promise<Output> {
  if (ctx.ice.name === "stun-only") return stunOnly(ctx.ice);
  const grants = iceGrants(ctx.ice);
  const fresh = grants.fresh(subject, ctx.clock.now());
  if (fresh && !(await wasTaken(ctx, fresh))) return toOutput(fresh);
  if (fresh) grants.forget(subject);
  try {
    return toOutput(await grants.mint(subject, () => mint(ctx, subject, room)));
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
  room: CallRoom | null,
): Promise<IceGrant> {
  const roomId = room?.id ?? null;
  const guestOfRoom = subject.startsWith("peer:") ? roomId : null;
  const issuedAt = ctx.clock.now();
  await requireGrantAllowance(ctx, { subject, guestOfRoom });
  const roomSeconds = room ? (room.expiresAt.getTime() - issuedAt.getTime()) / 1000 : mostSeconds;
  const ttlSeconds = Math.max(leastSeconds, Math.min(mostSeconds, Math.ceil(roomSeconds)));
  const issued = await withDeadline(providerMs, (signal) =>
    ctx.ice.issue(subject, ttlSeconds, signal),
  );
  const expiresAt = issued.expiresAt ?? new Date(issuedAt.getTime() + ttlSeconds * 1000);
  const provider = ctx.ice.name;
  const id = newId();
  await ctx.pool.query({
    name: "insert-grant",
    text: `INSERT INTO "TurnGrant" ("id", "provider", "roomId", "subject", "username", "createdAt", "expiresAt")
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    values: [id, provider, roomId, subject, issued.revocableAs, issuedAt, expiresAt],
  });
  return { id, iceServers: withoutPort53(issued.iceServers), provider, issuedAt, expiresAt };
}

/** Whether the credentials were revoked meanwhile: through another process this one's memory does not know. */
async function wasTaken(ctx: RequestContext, { id }: IceGrant): Promise<boolean> {
  // A join from a lobby waits for it, and Prisma would take longer for it than PostgreSQL.
  const { rowCount } = await ctx.pool.query({
    name: "ended-grant",
    text: `SELECT FROM "TurnGrant" WHERE "id" = $1 AND "endedAt" IS NOT NULL`,
    values: [id],
  });
  return rowCount !== 0;
}

function toOutput({ iceServers, provider, expiresAt }: IceGrant): Output {
  return { iceServers, provider, expiresAt: expiresAt.toISOString() };
}

function stunOnly(ice: Services["ice"]): Output {
  return { iceServers: withoutPort53(ice.stunServers), provider: "stun-only", expiresAt: null };
}
