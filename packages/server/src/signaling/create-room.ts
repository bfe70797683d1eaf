import { limits, type signaling } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../context";
import { hashToken, newId, newToken } from "../secrets";

/** Opens a room for `limits.signaling.roomSeconds`. The invite token is kept as a hash: nobody can read it again. */
export async function createRoom(
  ctx: UserContext,
  input: z.output<typeof signaling.createRoom.input>,
): Promise<z.input<typeof signaling.createRoom.output>> {
  const inviteToken = newToken("fmi");
  const createdAt = ctx.clock.now();
  const expiresAt = new Date(createdAt.getTime() + limits.signaling.roomSeconds * 1000);
  const { id: roomId } = await ctx.db.room.create({
    data: {
      id: newId(),
      ownerId: ctx.identity.userId,
      name: input.name ?? null,
      capacity: input.capacity,
      inviteTokenHash: hashToken(inviteToken),
      epoch: newId(),
      createdAt,
      expiresAt,
    },
    select: { id: true },
  });
  return { roomId, inviteToken, expiresAt: expiresAt.toISOString() };
}
