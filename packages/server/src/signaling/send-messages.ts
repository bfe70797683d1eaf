import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { PeerIdentity, RequestContext } from "../context";
import { AppError } from "../errors";
import { allowSending } from "./allow-sending";
import { toCursor } from "./cursor";
import { encodePayload } from "./encode-payload";
import { readSeat } from "./read-seat";
import { requirePeer } from "./require-peer";
import { roomFeeds } from "./room-feeds";
import { isRoomOver } from "./room-state";

type Input = z.output<typeof signaling.send.input>;

// One statement: the update locks the room until the commit, so numbers become visible in order and without gaps.
const sendText = `
  WITH room AS (
    UPDATE "Room" SET "lastSeq" = "lastSeq" + $6
    WHERE "id" = $1 AND "closedAt" IS NULL AND "expiresAt" > $5
      AND EXISTS (SELECT FROM "Peer" WHERE "id" = $2 AND "connection" = $3 AND "leftAt" IS NULL)
      AND ($4::text IS NULL
        OR EXISTS (SELECT FROM "Peer" WHERE "id" = $4 AND "roomId" = $1 AND "leftAt" IS NULL))
    RETURNING "epoch", "lastSeq"
  ), sent AS (
    INSERT INTO "Message" ("roomId", "seq", "fromPeerId", "toPeerId", "kind", "payload", "sentAt")
    SELECT $1, room."lastSeq" - $6 + m.number, $2, $4, m.body->>'kind', m.body->'payload', $5
    FROM room, jsonb_array_elements($7::jsonb) WITH ORDINALITY AS m(body, number)
  )
  SELECT "epoch", "lastSeq" FROM room`;

/**
 * Sends messages to one peer of the room, or to all others: all of them or none, in their order.
 * @throws AppError NOT_FOUND when `to` does not sit in the room, ROOM_CLOSED, PAYLOAD_TOO_LARGE, RATE_LIMITED
 */
export async function sendMessages(ctx: RequestContext, input: Input): Promise<{ cursor: string }> {
  const peer = await requirePeer(ctx, input.roomId);
  const { roomId, to = null, messages } = input;
  if (to === peer.peerId) {
    const issue = { path: "to", message: "a peer does not get its own messages" };
    throw new AppError("INVALID_INPUT", { issues: [issue] });
  }
  const bodies = messages.map(
    ({ kind, payload }) => `{"kind":"${kind}","payload":${encodePayload(payload)}}`,
  );
  const json = `[${bodies.join()}]`;
  const count = messages.length;
  allowSending(ctx, peer.peerId, { messages: count, bytes: json.length });

  const now = ctx.clock.now();
  const { rows } = await ctx.pool.query<{ epoch: string; lastSeq: string }>({
    name: "send-messages",
    text: sendText,
    values: [roomId, peer.peerId, peer.connection, to, now, count, json],
  });
  const [room] = rows;
  if (!room) throw await refusalOf(ctx, peer);

  const lastSeq = Number(room.lastSeq);
  const sentAt = now.toISOString();
  roomFeeds(ctx).offer(
    roomId,
    messages.map(({ kind, payload = null }, index) => {
      return { seq: lastSeq - count + 1 + index, from: peer.peerId, to, kind, payload, sentAt };
    }),
  );
  ctx.bus.publish(roomId, lastSeq);
  return { cursor: toCursor(room.epoch, lastSeq) };
}

/** Why the statement found nothing to do. */
async function refusalOf(ctx: RequestContext, peer: PeerIdentity): Promise<AppError> {
  const seat = await readSeat(ctx, peer);
  if (!seat) return new AppError("UNAUTHENTICATED");
  if (isRoomOver(ctx, seat)) return new AppError("ROOM_CLOSED");
  return new AppError("NOT_FOUND", { field: "to" });
}
