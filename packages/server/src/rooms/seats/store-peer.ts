import type { AlongWithRows } from "../log/room-log";
import type { SeatedPeer } from "./seated-peers";

/** Kept as hashes: nobody can read them again. */
export interface SeatTokens {
  roomTokenHash: Uint8Array;
  resumeTokenHash: Uint8Array;
  joinKeyHash: Uint8Array | null;
}

/** A new seat, stored with the mark that tells of it: the first of the rows, whose number is where its part of the log begins. */
export function insertPeer(peer: SeatedPeer, tokens: SeatTokens): AlongWithRows {
  return {
    name: "insert-peer",
    text: `INSERT INTO "Peer" ("id", "roomId", "userId", "displayName", "polite", "roomTokenHash", "resumeTokenHash",
        "joinKeyHash", "joinedSeq", "connection", "joinedAt", "lastSeenAt", "sessionId")
      SELECT $5, $1, $6, $7, $8::boolean, $9::bytea, $10::bytea, $11::bytea, room."lastSeq" - $2 + 1, $12::int,
        $13::timestamptz, $14::timestamptz, $15
      FROM room`,
    values: [
      peer.id,
      peer.userId,
      peer.displayName,
      peer.polite,
      tokens.roomTokenHash,
      tokens.resumeTokenHash,
      tokens.joinKeyHash,
      peer.connection,
      peer.joinedAt,
      peer.lastSeenAt,
      peer.sessionId,
    ],
  };
}

/** A peer that came back: its old tokens are void from the commit on. */
export function updatePeer(peer: SeatedPeer, tokens: SeatTokens): AlongWithRows {
  return {
    name: "update-peer",
    text: `UPDATE "Peer" SET "displayName" = $6, "connection" = $7, "lastSeenAt" = $8,
        "awayAt" = NULL, "roomTokenHash" = $9, "resumeTokenHash" = $10, "joinKeyHash" = $11, "sessionId" = $12
      WHERE "id" = $5`,
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
  };
}
