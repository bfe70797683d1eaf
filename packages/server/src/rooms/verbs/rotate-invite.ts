import type { PoolClient } from "pg";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { hashToken, newToken } from "../../ground/secrets";
import { isRoomOver } from "../log/room-state";
import { inviteUrlOf } from "../seats/invite-url";
import { requireOwner } from "../seats/require-owner";
import { withRoomLocked } from "../seats/with-room-locked";

/**
 * Makes the room's invite void and gives the next one. Whoever sits in the room stays, and may come back to the seat.
 * @throws AppError NOT_FOUND for a room that is not the caller's, ROOM_CLOSED
 */
export async function rotateInvite(
  ctx: RequestContext,
  input: { roomId: string },
): Promise<{ inviteToken: string; inviteUrl?: string }> {
  await requireOwner(ctx, input.roomId);
  const invited = await withRoomLocked(ctx, input.roomId, async (tx, room) => {
    if (isRoomOver(ctx, room)) throw new AppError("ROOM_CLOSED");
    const { id: roomId, name, expiresAt } = room;
    return { roomId, name, expiresAt, inviteToken: await replaceInvite(tx, roomId) };
  });
  if (!invited) throw new AppError("NOT_FOUND");
  return { inviteToken: invited.inviteToken, ...inviteUrlOf(ctx, invited) };
}

/** In the locked room. @returns the new token, which is kept as a hash only */
export async function replaceInvite(tx: PoolClient, roomId: string): Promise<string> {
  const inviteToken = newToken("fmi");
  const hash = Buffer.from(hashToken(inviteToken));
  await tx.query(`UPDATE "Room" SET "inviteTokenHash" = $2 WHERE "id" = $1`, [roomId, hash]);
  return inviteToken;
}
