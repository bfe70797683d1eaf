import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";

/**
 * For what only the room's owner and admins may do.
 * @throws AppError UNAUTHENTICATED, FORBIDDEN for the room's peers by their token, NOT_FOUND for everybody else
 */
export async function requireOwner(ctx: RequestContext, roomId: string): Promise<void> {
  const { identity } = ctx;
  if (!identity) throw new AppError("UNAUTHENTICATED");
  if (identity.kind === "peer") {
    throw new AppError(identity.roomId === roomId ? "FORBIDDEN" : "NOT_FOUND");
  }
  const room = await ctx.db.room.findUnique({ where: { id: roomId }, select: { ownerId: true } });
  if (!room) throw new AppError("NOT_FOUND");
  if (room.ownerId !== identity.userId && identity.role !== "admin") {
    throw new AppError("NOT_FOUND");
  }
}
