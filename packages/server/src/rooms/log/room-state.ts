import type { Clock } from "../../ports/clock";

/** Whether a room was closed or its time is up. */
export function isRoomOver(
  ctx: { clock: Clock },
  room: { closedAt: Date | null; expiresAt: Date },
): boolean {
  return room.closedAt !== null || room.expiresAt <= ctx.clock.now();
}
