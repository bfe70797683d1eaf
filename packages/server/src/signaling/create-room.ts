import { limits, type signaling } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../context";
import { AppError } from "../errors";
import { hashToken, newId, newToken } from "../secrets";

/**
 * Opens a room for `limits.signaling.roomSeconds`. The invite token is kept as a hash: nobody can read it again.
 * @throws AppError QUOTA_EXCEEDED when the caller has `limits.signaling.openRooms` open
 */
export async function createRoom(
  ctx: UserContext,
  input: z.output<typeof signaling.createRoom.input>,
): Promise<z.input<typeof signaling.createRoom.output>> {
  const inviteToken = newToken("fmi");
  const createdAt = ctx.clock.now();
  const expiresAt = new Date(createdAt.getTime() + limits.signaling.roomSeconds * 1000);
  const ownerId = ctx.identity.userId;
  const { id: roomId } = await ctx.db.$transaction(async (tx) => {
    // Of two calls at once the second counts the first one's room, too.
    await tx.$queryRaw`SELECT 1 FROM "User" WHERE "id" = ${ownerId} FOR NO KEY UPDATE`;
    const openRooms = await tx.room.count({
      where: { ownerId, closedAt: null, expiresAt: { gt: createdAt } },
    });
    if (openRooms >= limits.signaling.openRooms) {
      const details = { openRooms, limitRooms: limits.signaling.openRooms };
      throw new AppError("QUOTA_EXCEEDED", details, "Too many rooms are open. Close one first.");
    }
    return tx.room.create({
      data: {
        id: newId(),
        ownerId,
        name: input.name ?? null,
        capacity: input.capacity,
        inviteTokenHash: hashToken(inviteToken),
        epoch: newId(),
        createdAt,
        expiresAt,
      },
      select: { id: true },
    });
  });
  return { roomId, inviteToken, expiresAt: expiresAt.toISOString() };
}
