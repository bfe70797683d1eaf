import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { Services } from "../../context";
import { hashToken } from "../../ground/secrets";
import { allowSending } from "../bounds/allow-sending";
import { toCursor } from "../log/cursor";
import { storeInOrder } from "../log/store-in-order";
import { requirePeer } from "../seats/require-peer";
import { resolveRoomToken } from "../seats/resolve-room-token";
import { touchPeer } from "../seats/touch-peer";
import { encodeMessages, refusalOf, sentBefore } from "./send-messages";

type Input = z.output<typeof signaling.send.input>;

/** Bearers that sent something through this process: whose allowance a request counts against before it costs anything. */
const maxKnownBearers = 20_000;
const knownBearers = new WeakMap<Services["bus"], Map<string, string>>();

/**
 * `sendMessages` for the bearer of a room token, in one round trip to the database: the statement that stores the
 * messages looks at the token itself, so a token that became void stores nothing.
 * @throws AppError what `sendMessages` throws
 */
export async function sendAsBearer(
  ctx: Services & { clientAddress: string },
  token: string,
  input: Input,
): Promise<{ cursor: string }> {
  const tokenHash = hashToken(token);
  const bearers = bearersOf(ctx.bus);
  const bearer = Buffer.from(tokenHash).toString("latin1");
  const known = bearers.get(bearer);
  const encoded = encodeMessages(input.messages);
  const sent = { messages: input.messages.length, bytes: encoded.length };
  // Until the first answer says whose it is, a token has an allowance of its own: many sends may come at once.
  const { clientAddress } = ctx;
  allowSending(ctx, { peerId: known ?? bearer, roomId: input.roomId, clientAddress }, sent);

  const stored = await storeInOrder(ctx, { tokenHash: Buffer.from(tokenHash) }, input, encoded);
  if (stored === null || stored === "stored") {
    bearers.delete(bearer);
    const identity = await resolveRoomToken(ctx, token);
    const peer = await requirePeer({ db: ctx.db, identity }, input.roomId);
    if (stored === "stored") return sentBefore(ctx, peer, input);
    throw await refusalOf(ctx, peer, input);
  }
  const { peerId, epoch, lastSeq, lastSeenAt } = stored;
  if (!known) remember(bearers, bearer, peerId);
  await touchPeer(ctx, { peerId, lastSeenAt });
  return { cursor: toCursor(epoch, lastSeq) };
}

function bearersOf(bus: Services["bus"]): Map<string, string> {
  let bearers = knownBearers.get(bus);
  if (!bearers) {
    bearers = new Map();
    knownBearers.set(bus, bearers);
  }
  return bearers;
}

function remember(bearers: Map<string, string>, bearer: string, peerId: string): void {
  if (bearers.size >= maxKnownBearers) {
    // The oldest first: a map remembers the order of insertion.
    const [oldest] = bearers.keys();
    if (oldest) bearers.delete(oldest);
  }
  bearers.set(bearer, peerId);
}
