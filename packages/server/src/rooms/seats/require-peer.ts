import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import type { PeerIdentity } from "../../identity";
import { isPartOfRoom } from "./require-member";

/**
 * The peer that calls, by its room token. What it may do in a closed room, the verb decides.
 * @throws AppError UNAUTHENTICATED, NOT_FOUND for a room the caller has no part in, FORBIDDEN without a room token
 */
export async function requirePeer(
  ctx: Pick<RequestContext, "db" | "identity">,
  roomId: string,
): Promise<PeerIdentity> {
  const { identity } = ctx;
  const advice = "Join the room and call with the room token that it gives.";
  if (!identity) throw new AppError("UNAUTHENTICATED", undefined, advice);
  if (identity.kind === "peer") {
    if (identity.roomId === roomId) return identity;
    throw new AppError("NOT_FOUND");
  }
  if (!(await isPartOfRoom(ctx, roomId, identity.userId))) throw new AppError("NOT_FOUND");
  throw new AppError("FORBIDDEN", undefined, advice);
}
