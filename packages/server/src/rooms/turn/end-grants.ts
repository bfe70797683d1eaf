import type { PoolClient } from "pg";
import { subjectOf } from "./subject-of";

// What a user asked for outside of any room does not end with one.
const isOpen = `"roomId" IS NOT NULL AND "username" IS NOT NULL AND "expiresAt" > $2 AND "endedAt" IS NULL`;

/**
 * Ends the TURN credentials of peers that go, in the transaction in which they do. A user's are ended with the last of
 * the user's seats, since all of them use the same. Only what can be revoked is: the rest runs out by itself.
 * @returns whose are to be revoked once this is committed
 */
export async function endGrants(
  tx: PoolClient,
  peers: { id: string; userId: string | null }[],
  now: Date,
): Promise<string[]> {
  const subjects = peers.map(({ id, userId }) => subjectOf({ peerId: id, userId }));
  const { rows: grants } = await tx.query<{ subject: string }>({
    name: "grants-to-end",
    text: `SELECT "subject" FROM "TurnGrant" WHERE "subject" = ANY($1) AND ${isOpen}`,
    values: [subjects, now],
  });
  if (grants.length === 0) return [];
  const { rows: seated } = await tx.query<{ id: string; userId: string }>({
    name: "other-seats-of-users",
    text: `SELECT p."id", p."userId" FROM "Peer" p JOIN "Room" r ON r."id" = p."roomId"
      WHERE p."userId" = ANY($1) AND p."id" <> ALL($2) AND p."leftAt" IS NULL
        AND r."closedAt" IS NULL AND r."expiresAt" > $3`,
    values: [
      peers.flatMap(({ userId }) => (userId ? [userId] : [])),
      peers.map(({ id }) => id),
      now,
    ],
  });
  const kept = new Set(seated.map(({ id, userId }) => subjectOf({ peerId: id, userId })));
  const ended = subjects.filter((subject) => !kept.has(subject));
  await tx.query({
    name: "end-grants",
    text: `UPDATE "TurnGrant" SET "endedAt" = $2 WHERE "subject" = ANY($1) AND ${isOpen}`,
    values: [ended, now],
  });
  return ended;
}
