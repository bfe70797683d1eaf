import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../../context";
import { AppError } from "../../ground/errors";
import { hashToken, newId, newToken } from "../../ground/secrets";
import { allowJoining } from "../bounds/allow-joining";
import { allowSending } from "../bounds/allow-sending";
import { announceRows } from "../log/announce-rows";
import { toCursor } from "../log/cursor";
import { encodePayload } from "../log/encode-payload";
import { appendRows, marks, type NewRow } from "../log/room-log";
import { isRoomOver } from "../log/room-state";
import { findSeat } from "../seats/find-seat";
import { mayEnter } from "../seats/may-enter";
import { toPeer } from "../seats/peer-view";
import { seatIdOf } from "../seats/seat-id-of";
import { readSeatedPeers, type SeatedPeer } from "../seats/seated-peers";
import { insertPeer, type SeatTokens, updatePeer } from "../seats/store-peer";
import { withRoomLocked } from "../seats/with-room-locked";
import { issueSoon } from "../turn/issue-soon";

type Input = z.output<typeof signaling.join.input>;

/**
 * Takes a seat, or comes back to one: with the resume token, with the key of a join whose answer was lost, or as a
 * signed-in user who sits there already. Coming back replaces the old connection, never meets a full room, and gives new
 * tokens; the old ones are void.
 *
 * The first peer is impolite, later ones are polite. Between two peers who are equally polite (in rooms of three and
 * more) the one who joined earlier counts as the impolite one.
 *
 * An `offer` that comes with the join is sent in the same commit, right behind the news of it.
 * @throws AppError NOT_FOUND without a right to the room, ROOM_CLOSED, ROOM_FULL, RATE_LIMITED for guests who join again
 * and again; for the offer PAYLOAD_TOO_LARGE, INVALID_INPUT, RATE_LIMITED
 */
export async function joinRoom(
  ctx: RequestContext,
  input: Input,
): Promise<z.input<typeof signaling.join.output>> {
  const { roomId, displayName, offer } = input;
  allowJoining(ctx, roomId);
  const roomToken = newToken("fmr");
  const resumeToken = newToken("fmx");
  const tokens: SeatTokens = {
    roomTokenHash: hashToken(roomToken),
    resumeTokenHash: hashToken(resumeToken),
    joinKeyHash: input.joinKey ? hashToken(input.joinKey) : null,
  };
  const offerBytes = offer === undefined ? 0 : encodePayload(offer).length;
  const wishedId = input.lobbyKey === undefined ? null : seatIdOf(roomId, input.lobbyKey);
  const now = ctx.clock.now();

  const joined = await withRoomLocked(ctx, roomId, async (tx, room) => {
    const { peers, isWishTaken } = await readSeatedPeers(tx, roomId, wishedId);
    const known = findKnownPeer(ctx, input, peers);
    if (!known && !mayEnter(ctx, input.inviteToken, room)) throw new AppError("NOT_FOUND");
    if (isRoomOver(ctx, room)) throw new AppError("ROOM_CLOSED");

    const others = known
      ? peers.filter(({ id }) => id !== known.id)
      : await findSeat(tx, room, peers, now);
    const sessionId = ctx.identity?.kind === "user" ? ctx.identity.sessionId : null;
    const peer: SeatedPeer = known
      ? {
          ...known,
          sessionId: sessionId ?? known.sessionId,
          ...tokens,
          displayName,
          connection: known.connection + 1,
          lastSeenAt: now,
          awayAt: null,
        }
      : {
          ...tokens,
          // The one that the lobby's credentials are for, unless a seat had it before.
          id: wishedId === null || isWishTaken ? newId() : wishedId,
          roomId,
          userId: ctx.identity?.kind === "user" ? ctx.identity.userId : null,
          sessionId,
          displayName,
          polite: others.some(({ polite }) => !polite),
          connection: 1,
          joinedAt: now,
          lastSeenAt: now,
          awayAt: null,
        };
    // Everybody else learns of it: of a return as well, since the peer's old connection is gone.
    const facts = { ...toPeer(ctx, peer), connection: peer.connection };
    const rows: NewRow[] = [{ from: peer.id, kind: marks.joined, payload: facts }];
    const receiver = offer === undefined ? undefined : longestThere(ctx, others);
    if (receiver) {
      const { clientAddress } = ctx;
      allowSending(
        ctx,
        { peerId: peer.id, roomId, clientAddress },
        { messages: 1, bytes: offerBytes },
      );
      rows.push({ from: peer.id, to: receiver.id, kind: "offer", payload: offer });
    }
    // Given by another connection while this one writes.
    const turn = input.turn ? issueSoon(ctx, peer, room) : undefined;
    const seat = known ? updatePeer(peer, tokens) : insertPeer(peer, tokens);
    const seq = (await appendRows(tx, roomId, rows, now, seat)) - rows.length + 1;
    return { peer, others, receiver, rows, seq, turn, epoch: room.epoch };
  });
  if (!joined) throw new AppError("NOT_FOUND");

  const { peer, others, receiver, rows, seq, epoch } = joined;
  announceRows(ctx, roomId, { rows, firstSeq: seq, at: now });
  const turn = await joined.turn;
  return {
    peerId: peer.id,
    roomToken,
    resumeToken,
    polite: peer.polite,
    peers: others.map((other) => toPeer(ctx, other)),
    cursor: toCursor(epoch, seq),
    serverTime: ctx.clock.now().toISOString(),
    ...(turn && { turn }),
    ...(receiver && { offeredTo: receiver.id }),
    ordersSends: true,
  };
}

/** Somebody who listens, if anybody does. */
function longestThere(ctx: RequestContext, others: SeatedPeer[]): SeatedPeer | undefined {
  const isOnline = (other: SeatedPeer) => toPeer(ctx, other).online;
  return others.find(isOnline) ?? others.find(({ awayAt }) => awayAt === null);
}

function findKnownPeer(
  ctx: RequestContext,
  input: Input,
  peers: SeatedPeer[],
): SeatedPeer | undefined {
  if (input.resumeToken) {
    const hash = Buffer.from(hashToken(input.resumeToken));
    const resumed = peers.find(({ resumeTokenHash }) => hash.equals(resumeTokenHash));
    if (resumed) return resumed;
  }
  // The answer to this very join was lost, and with it the tokens that came with it.
  if (input.joinKey) {
    const hash = Buffer.from(hashToken(input.joinKey));
    const taken = peers.find(({ joinKeyHash }) => joinKeyHash && hash.equals(joinKeyHash));
    if (taken) return taken;
  }
  const { identity } = ctx;
  if (identity?.kind !== "user") return undefined;
  return peers.find(({ userId }) => userId === identity.userId);
}
