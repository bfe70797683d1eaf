import { limits, type signaling } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { inTransaction } from "../../ground/in-transaction";
import { hashToken, newId, newToken } from "../../ground/secrets";
import { inviteUrlOf } from "../seats/invite-url";

/**
 * Opens a room for `limits.signaling.roomSeconds`. The invite token is kept as a hash: nobody can read it again.
 * @throws AppError QUOTA_EXCEEDED when the caller has `limits.signaling.openRooms` open
 */
export async function createRoom(
  ctx: UserContext,
  input: z.output<typeof signaling.createRoom.input>,
): Promise<z.input<typeof signaling.createRoom.output>> {
  const inviteToken = newToken("fmi");
  const createdAt = ctx.clock.now();
  const expiresAt = new Date(createdAt.getTime() + limits.signaling.roomSeconds * 1000);
  const ownerId = ctx.identity.userId;
  const roomId = newId();
  await inTransaction(ctx.pool, async (tx) => {
    // Of two calls at once the second counts the first one's room, too.
    await tx.query({
      name: "lock-owner",
      text: "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
      values: [`rooms of ${ownerId}`],
    });
    const { rows } = await tx.query<{ openRooms: number }>({
      name: "count-open-rooms",
      text: `SELECT count(*)::int AS "openRooms" FROM "Room"
        WHERE "ownerId" = $1 AND "closedAt" IS NULL AND "expiresAt" > $2`,
      values: [ownerId, createdAt],
    });
    const openRooms = rows[0]?.openRooms ?? 0;
    if (openRooms >= limits.signaling.openRooms) {
      const details = { limitBytes: 0, openRooms, limitRooms: limits.signaling.openRooms };
      throw new AppError("QUOTA_EXCEEDED", details, "Too many rooms are open. Close one first.");
    }
    const hash = Buffer.from(hashToken(inviteToken));
    const { name = null, capacity } = input;
    await tx.query({
      name: "create-room",
      text: `INSERT INTO "Room"
        ("id", "ownerId", "name", "capacity", "inviteTokenHash", "epoch", "createdAt", "expiresAt")
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [roomId, ownerId, name, capacity, hash, newId(), createdAt, expiresAt],
    });
  });
  const invited = { roomId, inviteToken, name: input.name ?? null, expiresAt };
  return {
    roomId,
    inviteToken,
    expiresAt: expiresAt.toISOString(),
    ...inviteUrlOf(ctx, invited),
  };
}
