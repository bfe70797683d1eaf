import type { PeerIdentity, RequestContext, UserIdentity } from "../context";
import { AppError } from "../ground/errors";
import { resolveRoomToken } from "../rooms/seats/resolve-room-token";

/** A user, as the app knows one. */
export interface HostIdentity {
  /** Of printable ASCII, at most 128 characters. */
  userId: string;
  name?: string | null | undefined;
  /** The organisation that the app counts the user to. */
  tenantId?: string | null | undefined;
  /** Sees everybody's files by name and the jobs. Default false. */
  isAdmin?: boolean | undefined;
}

const patienceMs = 10_000;

/**
 * Who sends a request: a room's token speaks for a seat, everything else is the app's to say.
 * @throws AppError UPSTREAM_UNAVAILABLE when the app does not say in time, INTERNAL when it fails
 */
export async function identifyHost(
  ctx: RequestContext,
  request: Request,
  identify: (request: Request) => HostIdentity | null | Promise<HostIdentity | null>,
): Promise<UserIdentity | PeerIdentity | null> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (bearer?.startsWith("fmr_")) return resolveRoomToken(ctx, bearer);
  // A cookie speaks for a request only when the app's own pages sent it.
  if (!bearer && isFromElsewhere(request, ctx.origin)) return null;
  const who = await withPatience(identify(request));
  if (!who) return null;
  if (!/^[\x20-\x7e]{1,128}$/.test(who.userId)) {
    throw new AppError("INTERNAL", undefined, undefined, {
      cause: new Error("identify gave a userId that is not 1 to 128 characters of printable ASCII"),
    });
  }
  return {
    kind: "user",
    userId: who.userId,
    name: who.name ?? null,
    tenantId: who.tenantId ?? null,
    role: who.isAdmin ? "admin" : "member",
    email: "",
    avatarId: null,
    sessionId: "",
  };
}

function isFromElsewhere({ headers }: Request, origin: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site) return site !== "same-origin" && site !== "none";
  const from = headers.get("origin");
  return from !== null && from !== origin;
}

async function withPatience<T>(work: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const late = () => reject(new AppError("UPSTREAM_UNAVAILABLE", { service: "identify" }));
    timer = setTimeout(late, patienceMs);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
