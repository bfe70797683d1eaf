import type { RoomMessage } from "@fermata/contract";
import type { Pool, PoolClient } from "pg";
import type { RoomEvent } from "./room-event";

/** One row of a room's log: a message, or a mark of the server's own. */
export interface LogRow {
  seq: number;
  from: string;
  to: string | null;
  kind: string;
  payload: unknown;
  sentAt: string;
  /** What readers are told of it, made by the first of them. */
  event?: RoomEvent<RoomMessage>;
}

/**
 * The server's own kinds. A room's log tells every change of its membership, in order with the messages,
 * so a reader of the log needs no second source to know when its own time is over.
 */
export const marks = {
  joined: "peer.joined",
  left: "peer.left",
  /** Its page went and may come back. */
  away: "peer.away",
  closed: "room.closed",
} as const;

/** Why a peer is gone; in the payload of `peer.left` and in the error that ends its streams. */
export type LeaveReason = "left" | "kicked" | "timeout";

export interface LeftPayload {
  peerId: string;
  reason: LeaveReason;
  /** Beside `kicked`, by which pages of before end: nobody put it out, but the sign-in that took the seat is over. */
  signedOut?: true;
}

interface RoomLog {
  epoch: string;
  lastSeq: number;
  closedAt: Date | null;
  expiresAt: Date;
  /** In order. A number that is missing was purged. */
  rows: LogRow[];
}

interface JoinedRow {
  epoch: string;
  lastSeq: string;
  closedAt: Date | null;
  expiresAt: Date;
  seq: string | null;
  fromPeerId: string;
  toPeerId: string | null;
  kind: string;
  payload: unknown;
  sentAt: Date;
}

// One statement, so one snapshot: with two, a message could fall between "the last is 7" and "nothing after 6".
const readText = `
  SELECT r."epoch", r."lastSeq", r."closedAt", r."expiresAt", m.*
  FROM "Room" r
  LEFT JOIN LATERAL (
    SELECT "seq", "fromPeerId", "toPeerId", "kind", "payload", "sentAt"
    FROM "Message" WHERE "roomId" = r."id" AND "seq" > $2 ORDER BY "seq" LIMIT $3
  ) m ON true
  WHERE r."id" = $1
  ORDER BY m."seq"`;

/** Reads at most `limit` rows after a number: null when there is no such room. */
export async function readRoomLog(
  pool: Pool,
  input: { roomId: string; afterSeq: number; limit: number },
): Promise<RoomLog | null> {
  const { rows } = await pool.query<JoinedRow>({
    name: "read-room-log",
    text: readText,
    values: [input.roomId, input.afterSeq, input.limit],
  });
  const [head] = rows;
  if (!head) return null;
  return {
    epoch: head.epoch,
    lastSeq: Number(head.lastSeq),
    closedAt: head.closedAt,
    expiresAt: head.expiresAt,
    rows: rows.flatMap((row) =>
      row.seq === null
        ? []
        : {
            seq: Number(row.seq),
            from: row.fromPeerId,
            to: row.toPeerId,
            kind: row.kind,
            payload: row.payload,
            sentAt: row.sentAt.toISOString(),
          },
    ),
  };
}

export interface NewRow {
  from: string;
  to?: string | null;
  kind: string;
  payload: unknown;
}

/** What is written in the same statement as rows of the log. */
export interface AlongWithRows {
  /** Of the whole statement. */
  name: string;
  /** Its values come after `$4`. The number of the first row is `room."lastSeq" - $2 + 1`. */
  text: string;
  values: unknown[];
}

const appendText = (along?: AlongWithRows) => `
  WITH room AS (
    UPDATE "Room" SET "lastSeq" = "lastSeq" + $2::bigint WHERE "id" = $1 RETURNING "lastSeq"
  ), written AS (
    INSERT INTO "Message" ("roomId", "seq", "fromPeerId", "toPeerId", "kind", "payload", "sentAt")
    SELECT $1, room."lastSeq" - $2 + m.number, m.body->>'from', m.body->>'to', m.body->>'kind', m.body->'payload', $4::timestamptz
    FROM room, jsonb_array_elements($3::jsonb) WITH ORDINALITY AS m(body, number)
  ) ${along ? `, along AS (${along.text})` : ""}
  SELECT "lastSeq" FROM room`;

/**
 * Writes the server's own marks, and what goes with them, into the log of a locked room, in the transaction that makes them true.
 * @returns the number of the last
 */
export async function appendRows(
  tx: PoolClient,
  roomId: string,
  rows: NewRow[],
  at: Date,
  along?: AlongWithRows,
): Promise<number> {
  const { rows: written } = await tx.query<{ lastSeq: string }>({
    name: along?.name ?? "append-rows",
    text: appendText(along),
    values: [roomId, rows.length, JSON.stringify(rows), at, ...(along?.values ?? [])],
  });
  return Number(written[0]?.lastSeq);
}
