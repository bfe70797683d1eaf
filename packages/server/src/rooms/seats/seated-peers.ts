import type { PoolClient } from "pg";

/** A peer that sits in a locked room. */
export interface SeatedPeer {
  id: string;
  roomId: string;
  userId: string | null;
  /** The sign-in by which it came, if by any. */
  sessionId: string | null;
  displayName: string;
  polite: boolean;
  resumeTokenHash: Uint8Array;
  joinKeyHash: Uint8Array | null;
  connection: number;
  joinedAt: Date;
  lastSeenAt: Date;
  awayAt: Date | null;
}

const columns = `"id", "roomId", "userId", "sessionId", "displayName", "polite", "resumeTokenHash", "joinKeyHash",
  "connection", "joinedAt", "lastSeenAt", "awayAt"`;

/**
 * In the order of joining.
 * @param wishedId which seat somebody would like to have
 * @returns also whether a peer has that id, or had it before it left
 */
export async function readSeatedPeers(
  tx: PoolClient,
  roomId: string,
  wishedId: string | null,
): Promise<{ peers: SeatedPeer[]; isWishTaken: boolean }> {
  // One statement for both, since somebody waits for each.
  const { rows } = await tx.query<SeatedPeer & { isSeated: boolean }>({
    name: "seated-peers",
    text: `SELECT true AS "isSeated", ${columns} FROM "Peer" WHERE "roomId" = $1 AND "leftAt" IS NULL
      UNION ALL SELECT false, ${columns} FROM "Peer" WHERE "id" = $2 AND "leftAt" IS NOT NULL
      ORDER BY "joinedAt", "id"`,
    values: [roomId, wishedId],
  });
  const peers: SeatedPeer[] = [];
  for (const { isSeated, ...peer } of rows) if (isSeated) peers.push(peer);
  return { peers, isWishTaken: rows.some(({ id }) => id === wishedId) };
}
