import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import type { PeerIdentity } from "../../identity";
import { allowSending } from "../bounds/allow-sending";
import { toCursor } from "../log/cursor";
import { encodePayload } from "../log/encode-payload";
import { findSent } from "../log/find-sent";
import { isRoomOver } from "../log/room-state";
import { storeInOrder } from "../log/store-in-order";
import { readSeat } from "../seats/read-seat";
import { requirePeer } from "../seats/require-peer";

type Input = z.output<typeof signaling.send.input>;

/**
 * Sends messages to one peer of the room, or to all others: all of them or none, in their order. With a `sendKey` that
 * the same peer used before, nothing is sent, and the answer is the first one's. With `after`, it is stored behind the
 * send of that key.
 * @throws AppError CONFLICT with field `after` where that one is not stored, NOT_FOUND when `to` does not sit in the room, ROOM_CLOSED, PAYLOAD_TOO_LARGE, RATE_LIMITED
 */
export async function sendMessages(ctx: RequestContext, input: Input): Promise<{ cursor: string }> {
  const peer = await requirePeer(ctx, input.roomId);
  const encoded = encodeMessages(input.messages);
  const { clientAddress } = ctx;
  allowSending(
    ctx,
    { ...peer, clientAddress },
    { messages: input.messages.length, bytes: encoded.length },
  );
  const stored = await storeInOrder(ctx, peer, input, encoded);
  if (stored === null) throw await refusalOf(ctx, peer, input);
  if (stored === "stored") return sentBefore(ctx, peer, input);
  return { cursor: toCursor(stored.epoch, stored.lastSeq) };
}

/**
 * As JSON, each payload checked.
 * @throws AppError PAYLOAD_TOO_LARGE, INVALID_INPUT
 */
export function encodeMessages(messages: Input["messages"]): string {
  const bodies = messages.map(
    ({ kind, payload }) => `{"kind":"${kind}","payload":${encodePayload(payload)}}`,
  );
  return `[${bodies.join()}]`;
}

/** The answer to a send whose first answer was lost. */
export async function sentBefore(
  ctx: Pick<RequestContext, "pool">,
  { peerId }: PeerIdentity,
  { roomId, sendKey = "" }: Input,
): Promise<{ cursor: string }> {
  const cursor = await findSent(ctx, { roomId, peerId, sendKey });
  // It was purged in this very moment, an hour after it was sent.
  if (!cursor) throw new AppError("CONFLICT", { field: "sendKey" });
  return { cursor };
}

/** Why nothing could be stored. */
export async function refusalOf(
  ctx: Pick<RequestContext, "pool" | "clock">,
  peer: PeerIdentity,
  { to }: Input,
): Promise<AppError> {
  const seat = await readSeat(ctx, peer);
  if (!seat) return new AppError("UNAUTHENTICATED");
  if (isRoomOver(ctx, seat)) return new AppError("ROOM_CLOSED");
  if (to !== peer.peerId) return new AppError("NOT_FOUND", { field: "to" });
  const issue = { path: "to", message: "a peer does not get its own messages" };
  return new AppError("INVALID_INPUT", { issues: [issue] });
}
