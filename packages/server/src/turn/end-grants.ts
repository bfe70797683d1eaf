import type { Tx } from "../db";
import { subjectOf } from "./subject-of";

/**
 * Ends the TURN credentials of peers that go, in the transaction in which they do. A user's are ended with the last of
 * the user's seats, since all of them use the same. Only what can be revoked is: the rest runs out by itself.
 * @returns whose are to be revoked once this is committed
 */
export async function endGrants(
  tx: Tx,
  peers: { id: string; userId: string | null }[],
  now: Date,
): Promise<string[]> {
  const subjects = peers.map(({ id, userId }) => subjectOf({ peerId: id, userId }));
  // What a user asked for outside of any room does not end with one.
  const open = {
    roomId: { not: null },
    username: { not: null },
    expiresAt: { gt: now },
    endedAt: null,
  };
  const grants = await tx.turnGrant.findMany({
    where: { ...open, subject: { in: subjects } },
    select: { subject: true },
  });
  if (grants.length === 0) return [];
  const seated = await tx.peer.findMany({
    where: {
      userId: { in: peers.flatMap(({ userId }) => (userId ? [userId] : [])) },
      id: { notIn: peers.map(({ id }) => id) },
      leftAt: null,
      room: { closedAt: null, expiresAt: { gt: now } },
    },
    select: { id: true, userId: true },
  });
  const kept = new Set(seated.map(({ id, userId }) => subjectOf({ peerId: id, userId })));
  const ended = subjects.filter((subject) => !kept.has(subject));
  await tx.turnGrant.updateMany({
    where: { ...open, subject: { in: ended } },
    data: { endedAt: now },
  });
  return ended;
}
