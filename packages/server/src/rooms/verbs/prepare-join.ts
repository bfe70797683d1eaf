import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { allowJoining } from "../bounds/allow-joining";
import { isRoomOver } from "../log/room-state";
import { mayEnter } from "../seats/may-enter";
import { seatIdOf } from "../seats/seat-id-of";
import { iceServersFor } from "../turn/issue-ice-servers";
import { subjectOf } from "../turn/subject-of";

type Input = z.output<typeof signaling.prepare.input>;

/**
 * Gives whoever may join the relay's credentials before the join: those of the seat that a join with the same key takes,
 * so they end with it. They count like the ones that are given with a seat.
 * @throws AppError NOT_FOUND without a right to the room, ROOM_CLOSED, RATE_LIMITED
 */
export async function prepareJoin(
  ctx: RequestContext,
  { roomId, inviteToken, lobbyKey }: Input,
): Promise<z.input<typeof signaling.prepare.output>> {
  allowJoining(ctx, roomId);
  const room = await ctx.db.room.findUnique({ where: { id: roomId } });
  if (!room || !mayEnter(ctx, inviteToken, room)) throw new AppError("NOT_FOUND");
  if (isRoomOver(ctx, room)) throw new AppError("ROOM_CLOSED");
  const userId = ctx.identity?.kind === "user" ? ctx.identity.userId : null;
  const subject = subjectOf({ userId, peerId: seatIdOf(roomId, lobbyKey) });
  return { turn: await iceServersFor(ctx, subject, room) };
}
