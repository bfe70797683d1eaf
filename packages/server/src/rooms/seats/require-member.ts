import type { RequestContext, Services } from "../../context";
import { AppError } from "../../ground/errors";
import { isRoomOver } from "../log/room-state";

/** Whether a signed-in user owns the room or sits in it. */
export async function isPartOfRoom(
  ctx: Pick<Services, "db">,
  roomId: string,
  userId: string,
): Promise<boolean> {
  const room = await ctx.db.room.findFirst({
    where: { id: roomId, OR: [{ ownerId: userId }, { peers: { some: { userId, leftAt: null } } }] },
    select: { id: true },
  });
  return room !== null;
}

/**
 * For what owners and peers may see alike, with a session or with a room token.
 * @returns the room
 * @throws AppError UNAUTHENTICATED, NOT_FOUND for a room the caller has no part in, ROOM_CLOSED
 */
export async function requireMember(
  ctx: RequestContext,
  roomId: string,
): Promise<{ id: string; expiresAt: Date }> {
  const { identity } = ctx;
  if (!identity) throw new AppError("UNAUTHENTICATED");
  const isMember =
    identity.kind === "peer"
      ? identity.roomId === roomId
      : await isPartOfRoom(ctx, roomId, identity.userId);
  if (!isMember) throw new AppError("NOT_FOUND");
  const room = await ctx.db.room.findUnique({ where: { id: roomId } });
  if (!room) throw new AppError("NOT_FOUND");
  if (isRoomOver(ctx, room)) throw new AppError("ROOM_CLOSED");
  return room;
}
