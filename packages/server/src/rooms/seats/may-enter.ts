import type { RequestContext } from "../../context";
import { hashToken } from "../../ground/secrets";

/** Whether somebody may take a seat who has none yet: the room's owner, and whoever has its invite. */
export function mayEnter(
  ctx: Pick<RequestContext, "identity">,
  inviteToken: string | undefined,
  room: { ownerId: string; inviteTokenHash: Uint8Array },
): boolean {
  if (ctx.identity?.kind === "user" && ctx.identity.userId === room.ownerId) return true;
  return (
    inviteToken !== undefined &&
    Buffer.from(hashToken(inviteToken)).equals(Buffer.from(room.inviteTokenHash))
  );
}
