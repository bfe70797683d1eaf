import type { RoomMessage } from "@fermata/contract";
import type { Pool } from "pg";
import type { Tx } from "../db";
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
  closed: "room.closed",
} as const;

/** Why a peer is gone; in the payload of `peer.left` and in the error that ends its streams. */
export type LeaveReason = "left" | "kicked" | "timeout";

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

/**
 * Writes a mark of the server's own into the log, in the transaction that makes it true.
 * @returns its number
 */
export async function appendMark(
  tx: Tx,
  roomId: string,
  mark: { from: string; kind: string; payload: Record<string, unknown>; at: Date },
): Promise<number> {
  const { lastSeq } = await tx.room.update({
    where: { id: roomId },
    data: { lastSeq: { increment: 1 } },
    select: { lastSeq: true },
  });
  await tx.message.create({
    data: {
      roomId,
      seq: lastSeq,
      fromPeerId: mark.from,
      kind: mark.kind,
      payload: mark.payload as Record<string, string | number | boolean>,
      sentAt: mark.at,
    },
  });
  return Number(lastSeq);
}
