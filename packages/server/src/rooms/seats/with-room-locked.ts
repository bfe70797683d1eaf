import type { PoolClient } from "pg";
import type { Services } from "../../context";
import { inTransaction } from "../../ground/in-transaction";

/** What changes of a room go by. */
export interface LockedRoom {
  id: string;
  ownerId: string;
  name: string | null;
  capacity: number;
  inviteTokenHash: Uint8Array;
  epoch: string;
  expiresAt: Date;
  closedAt: Date | null;
}

/**
 * Runs a change of who is in a room. Changes of one room run one after the other, and not beside its messages:
 * the row that they lock is the row that numbers the messages.
 * @returns null when there is no such room
 */
export function withRoomLocked<T>(
  ctx: Pick<Services, "pool">,
  roomId: string,
  change: (tx: PoolClient, room: LockedRoom) => Promise<T>,
): Promise<T | null> {
  return inTransaction(ctx.pool, async (tx) => {
    // A statement of its own: what is read after it, is read as the one who held the lock before left it.
    const { rows } = await tx.query<LockedRoom>({
      name: "lock-room",
      text: `SELECT "id", "ownerId", "name", "capacity", "inviteTokenHash", "epoch", "expiresAt", "closedAt"
        FROM "Room" WHERE "id" = $1 FOR NO KEY UPDATE`,
      values: [roomId],
    });
    const [room] = rows;
    return room ? await change(tx, room) : null;
  });
}
