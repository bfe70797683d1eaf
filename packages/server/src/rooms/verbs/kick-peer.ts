import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { endPeer } from "../seats/end-peer";
import { inviteUrlOf } from "../seats/invite-url";
import { requireOwner } from "../seats/require-owner";
import { withRoomLocked } from "../seats/with-room-locked";
import { revokeEndedGrants } from "../turn/revoke-ended-grants";
import { replaceInvite } from "./rotate-invite";

/**
 * Puts a peer out: its tokens are void at once and its streams end within a second. The invite that let it in is void,
 * too: a guest has no name that could be kept out, and a user could come back as a guest.
 * @returns the room's next invite
 * @throws AppError NOT_FOUND when no such peer sits in the room
 */
export async function kickPeer(
  ctx: RequestContext,
  input: { roomId: string; peerId: string },
): Promise<{ kicked: true; inviteToken: string; inviteUrl?: string }> {
  await requireOwner(ctx, input.roomId);
  const done = await withRoomLocked(ctx, input.roomId, async (tx, room) => {
    const { rows } = await tx.query<{ id: string; roomId: string; userId: string | null }>(
      `SELECT "id", "roomId", "userId" FROM "Peer"
       WHERE "id" = $1 AND "roomId" = $2 AND "leftAt" IS NULL`,
      [input.peerId, room.id],
    );
    const [peer] = rows;
    if (!peer) return null;
    const inviteToken = await replaceInvite(tx, room.id);
    const { name, expiresAt } = room;
    return {
      roomId: room.id,
      name,
      expiresAt,
      inviteToken,
      ...(await endPeer(tx, peer, "kicked", ctx.clock.now())),
    };
  });
  if (!done) throw new AppError("NOT_FOUND");
  ctx.bus.publish(input.roomId, done.seq);
  await revokeEndedGrants(ctx, { subjects: done.toRevoke });
  return { kicked: true, inviteToken: done.inviteToken, ...inviteUrlOf(ctx, done) };
}
