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

/** In the order of joining. */
export async function readSeatedPeers(tx: PoolClient, roomId: string): Promise<SeatedPeer[]> {
  const { rows } = await tx.query<SeatedPeer>({
    name: "seated-peers",
    text: `SELECT "id", "roomId", "userId", "sessionId", "displayName", "polite", "resumeTokenHash", "joinKeyHash",
        "connection", "joinedAt", "lastSeenAt", "awayAt"
      FROM "Peer" WHERE "roomId" = $1 AND "leftAt" IS NULL ORDER BY "joinedAt", "id"`,
    values: [roomId],
  });
  return rows;
}
