import type { Services } from "../../context";
import type { Transaction } from "../../ground/transaction";
import { subjectOf } from "../turn/subject-of";
import { endRoom } from "./end-room";

/** Closes a user's open rooms for everybody in them. */
export async function closeRoomsOf(ctx: Services, userId: string): Promise<void> {
  const { rows } = await ctx.pool.query<{ id: string }>(
    `SELECT "id" FROM "Room" WHERE "ownerId" = $1 AND "closedAt" IS NULL AND "expiresAt" > $2`,
    [userId, ctx.clock.now()],
  );
  for (const { id } of rows) await endRoom(ctx, id);
}

/** Makes a user's open rooms another's. */
export async function handOverRooms(
  tx: Transaction,
  { from, to, now }: { from: string; to: string; now: Date },
): Promise<void> {
  await tx.query(
    `UPDATE "Room" SET "ownerId" = $2 WHERE "ownerId" = $1 AND "closedAt" IS NULL AND "expiresAt" > $3`,
    [from, to, now],
  );
}

/** Deletes a user's rooms, and ends what relays they were given. In rooms of others the seat stays, as one of nobody's account. */
export async function deleteRoomsOf(tx: Transaction, userId: string, now: Date): Promise<void> {
  await tx.query(`DELETE FROM "Room" WHERE "ownerId" = $1`, [userId]);
  await tx.query(`UPDATE "Peer" SET "userId" = NULL WHERE "userId" = $1`, [userId]);
  await tx.query(
    `UPDATE "TurnGrant" SET "endedAt" = $2 WHERE "subject" = $1 AND "endedAt" IS NULL AND "expiresAt" > $2`,
    [subjectOf({ peerId: "", userId }), now],
  );
}
