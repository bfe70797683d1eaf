import type { Services } from "../context";
import type { Tx } from "../db";
import type { Room } from "../generated/prisma/client";

/**
 * Runs a change of who is in a room. Changes of one room run one after the other, and not beside its messages:
 * the row that they lock is the row that numbers the messages.
 * @returns null when there is no such room
 */
export async function withRoomLocked<T>(
  ctx: Pick<Services, "db">,
  roomId: string,
  change: (tx: Tx, room: Room) => Promise<T>,
): Promise<T | null> {
  return ctx.db.$transaction(
    async (tx) => {
      const [room] = await tx.$queryRaw<
        Room[]
      >`SELECT * FROM "Room" WHERE "id" = ${roomId} FOR NO KEY UPDATE`;
      return room ? await change(tx, room) : null;
    },
    { maxWait: 5_000, timeout: 10_000 },
  );
}
