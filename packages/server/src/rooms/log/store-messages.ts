import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { Services } from "../../context";
import { announceRows } from "./announce-rows";

type Input = z.output<typeof signaling.send.input>;

/** How a sender is known: by the seat that its token was resolved to, or by the hash of the token itself. */
export type Sender = { peerId: string; connection: number } | { tokenHash: Uint8Array };

export interface StoredMessages {
  epoch: string;
  lastSeq: number;
  peerId: string;
  lastSeenAt: Date;
}

// One statement: the update locks the room until the commit, so numbers become visible in order and without gaps.
const textFor = (sender: string, after?: string) => `
  WITH sender AS (
    SELECT "id", "roomId", "lastSeenAt" FROM "Peer" WHERE ${sender} AND "leftAt" IS NULL
  ), ${after ? priorText(after) : ""} room AS (
    UPDATE "Room" SET "lastSeq" = "lastSeq" + $4 FROM sender
    WHERE "Room"."id" = $1 AND sender."roomId" = $1 AND "closedAt" IS NULL AND "expiresAt" > $3
      AND ($2::text IS NULL OR ($2 <> sender."id"
        AND EXISTS (SELECT FROM "Peer" WHERE "id" = $2 AND "roomId" = $1 AND "leftAt" IS NULL)))
      ${after ? "AND EXISTS (SELECT FROM prior)" : ""}
    RETURNING "epoch", "lastSeq", sender."id" AS "peerId", sender."lastSeenAt"
  ), sent AS (
    INSERT INTO "Message" ("roomId", "seq", "fromPeerId", "toPeerId", "kind", "payload", "sentAt", "sendKey")
    SELECT $1, room."lastSeq" - $4 + m.number, room."peerId", $2, m.body->>'kind', m.body->'payload', $3,
      CASE WHEN m.number = $4 THEN $6 END
    FROM room, jsonb_array_elements($5::jsonb) WITH ORDINALITY AS m(body, number)
  )
  SELECT "epoch", "lastSeq", "peerId", "lastSeenAt" FROM room ${after ? earlyText : ""}`;

const priorText = (after: string) => `prior AS (
    SELECT FROM "Message" m, sender
    WHERE m."roomId" = $1 AND m."fromPeerId" = sender."id" AND m."sendKey" = ${after}
  ),`;
const earlyText = `
  UNION ALL SELECT NULL, NULL, NULL, NULL FROM sender
  WHERE "roomId" = $1 AND NOT EXISTS (SELECT FROM prior)`;

const bySeat = `"id" = $7 AND "connection" = $8`;
const byToken = `"roomTokenHash" = $7`;
const texts = {
  "send-by-seat": textFor(bySeat),
  "send-by-token": textFor(byToken),
  "send-by-seat-after": textFor(bySeat, "$9"),
  "send-by-token-after": textFor(byToken, "$8"),
};

const UNIQUE_VIOLATION = "23505";

/**
 * Writes messages into a room's log, all of them or none, and tells readers.
 * @param encoded the messages as JSON
 * @returns null when the sender, the receiver or the room is not there (any more); "stored" when its key was used before;
 * "early" when the send that it is to follow is not stored yet
 */
export async function storeMessages(
  ctx: Pick<Services, "pool" | "bus" | "clock" | "log">,
  sender: Sender,
  input: Input,
  encoded: string,
): Promise<StoredMessages | "stored" | "early" | null> {
  const { roomId, to = null, messages, sendKey = null, after } = input;
  const count = messages.length;
  const now = ctx.clock.now();
  const isSeat = "peerId" in sender;
  // As text: node-postgres writes a Date field by field, in a fiftieth of a busy server's time.
  const values: unknown[] = [roomId, to, now.toISOString(), count, encoded, sendKey];
  if (isSeat) values.push(sender.peerId, sender.connection);
  else values.push(sender.tokenHash);
  if (after !== undefined) values.push(after);
  const name =
    `send-by-${isSeat ? "seat" : "token"}${after === undefined ? "" : "-after"}` as const;
  const stored = await ctx.pool
    .query<{ epoch: string | null; lastSeq: string; peerId: string; lastSeenAt: Date }>({
      name,
      text: texts[name],
      values,
    })
    .catch((error: { code?: string }) => {
      if (sendKey !== null && error.code === UNIQUE_VIOLATION) return "stored" as const;
      throw error;
    });
  if (stored === "stored") return stored;
  const [room] = stored.rows;
  if (!room) return null;
  const { epoch, peerId, lastSeenAt } = room;
  if (epoch === null) return "early";

  const lastSeq = Number(room.lastSeq);
  const rows = messages.map(({ kind, payload }) => ({ from: peerId, to, kind, payload }));
  announceRows(ctx, roomId, { rows, firstSeq: lastSeq - count + 1, at: now });
  return { epoch, lastSeq, peerId, lastSeenAt };
}
