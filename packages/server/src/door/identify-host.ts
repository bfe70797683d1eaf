import type { RequestContext } from "../context";
import { AppError } from "../ground/errors";
import { bearerOf, isSameOrigin } from "../hosts/credential";
import type { RequestHead } from "../hosts/forwarded";
import { resolveRoomToken } from "../rooms/seats/resolve-room-token";

/** A user, as the app knows one. What more it says is in the identity that procedures of its own see. */
export interface HostIdentity {
  /** Of printable ASCII, at most 128 characters. */
  userId: string;
  name?: string | null | undefined;
  /** The organisation that the app counts the user to. */
  tenantId?: string | null | undefined;
  /** Sees everybody's files by name and the jobs. Default false. */
  isAdmin?: boolean | undefined;
  /** The sign-in that this request stands on. A seat in a room remembers which one took it. */
  sessionId?: string | null | undefined;
}

/** @param asked - where this server is reached, proxies considered */
export type IdentifyHost = (
  request: Request,
  asked: { origin: string },
) => HostIdentity | null | Promise<HostIdentity | null>;

const patienceMs = 10_000;

/**
 * Who sends a request: a room's token speaks for a seat, everything else is the app's to say. Null at once where there is
 * nothing to look up.
 * @throws AppError UPSTREAM_UNAVAILABLE when the app does not say in time, INTERNAL when it fails
 */
export function identifyHost(
  ctx: RequestContext,
  head: RequestHead,
  identify: IdentifyHost,
): Promise<RequestContext["identity"]> | null {
  const bearer = bearerOf(head);
  if (bearer?.startsWith("fmr_")) return resolveRoomToken(ctx, bearer);
  // A cookie speaks for a request only when the app's own pages sent it.
  if (!bearer && !isSameOrigin(head, ctx.origin)) return null;
  const who = ask(head, ctx, identify);
  return who && withPatience(who).then(identityOf);
}

/** What is thrown before anything is awaited fails as what is thrown after. */
function ask(
  head: RequestHead,
  { origin }: RequestContext,
  identify: IdentifyHost,
): Promise<HostIdentity | null> | null {
  try {
    const who = identify(requestOf(head), { origin });
    return who && Promise.resolve(who);
  } catch (error) {
    return Promise.reject(error);
  }
}

function requestOf(head: RequestHead): Request {
  if (head instanceof Request) return head;
  if (!head.headers.entries) throw new Error("a request's head without its headers");
  return new Request(head.url, { method: head.method, headers: [...head.headers.entries()] });
}

function identityOf(who: HostIdentity | null): RequestContext["identity"] {
  if (!who) return null;
  const { isAdmin, ...said } = who;
  if (!/^[\x20-\x7e]{1,128}$/.test(who.userId)) {
    throw new AppError("INTERNAL", undefined, undefined, {
      cause: new Error("identify gave a userId that is not 1 to 128 characters of printable ASCII"),
    });
  }
  return {
    ...said,
    kind: "user",
    name: who.name ?? null,
    tenantId: who.tenantId ?? null,
    sessionId: who.sessionId ?? null,
    role: isAdmin ? "admin" : "member",
  };
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
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
