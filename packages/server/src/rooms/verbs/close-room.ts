import type { RequestContext } from "../../context";
import { endRoom } from "../seats/end-room";
import { requireOwner } from "../seats/require-owner";

/** Ends a room for everybody in it. Closing a closed room changes nothing. */
export async function closeRoom(
  ctx: RequestContext,
  input: { roomId: string },
): Promise<{ closed: true }> {
  await requireOwner(ctx, input.roomId);
  await endRoom(ctx, input.roomId);
  return { closed: true };
}
