import type { PoolClient } from "pg";
import type { SeatedPeer } from "./seated-peers";

/** Kept as hashes: nobody can read them again. */
export interface SeatTokens {
  roomTokenHash: Uint8Array;
  resumeTokenHash: Uint8Array;
  joinKeyHash: Uint8Array | null;
}

/** @param joinedSeq the number of the mark that tells of it */
export async function insertPeer(
  tx: PoolClient,
  peer: SeatedPeer,
  tokens: SeatTokens,
  joinedSeq: number,
): Promise<void> {
  await tx.query({
    name: "insert-peer",
    text: `INSERT INTO "Peer" ("id", "roomId", "userId", "displayName", "polite", "roomTokenHash", "resumeTokenHash",
        "joinKeyHash", "joinedSeq", "connection", "joinedAt", "lastSeenAt", "sessionId")
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    values: [
      peer.id,
      peer.roomId,
      peer.userId,
      peer.displayName,
      peer.polite,
      tokens.roomTokenHash,
      tokens.resumeTokenHash,
      tokens.joinKeyHash,
      joinedSeq,
      peer.connection,
      peer.joinedAt,
      peer.lastSeenAt,
      peer.sessionId,
    ],
  });
}

/** A peer that came back: its old tokens are void from the commit on. */
export async function updatePeer(
  tx: PoolClient,
  peer: SeatedPeer,
  tokens: SeatTokens,
): Promise<void> {
  await tx.query({
    name: "update-peer",
    text: `UPDATE "Peer" SET "displayName" = $2, "connection" = $3, "lastSeenAt" = $4,
        "awayAt" = NULL, "roomTokenHash" = $5, "resumeTokenHash" = $6, "joinKeyHash" = $7, "sessionId" = $8
      WHERE "id" = $1`,
    values: [
      peer.id,
      peer.displayName,
      peer.connection,
      peer.lastSeenAt,
      tokens.roomTokenHash,
      tokens.resumeTokenHash,
      tokens.joinKeyHash,
      peer.sessionId,
    ],
  });
}
