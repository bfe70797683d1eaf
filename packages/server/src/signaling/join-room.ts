import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { RequestContext } from "../context";
import type { Tx } from "../db";
import { AppError } from "../errors";
import type { Peer, Room } from "../generated/prisma/client";
import { hashToken, newId, newToken } from "../secrets";
import { issueSoon } from "../turn/issue-soon";
import { toCursor } from "./cursor";
import { findSeat } from "./find-seat";
import { type peerColumns, toPeer } from "./peer-view";
import { appendMark, marks } from "./room-log";
import { isRoomOver } from "./room-state";
import { withRoomLocked } from "./with-room-locked";

type Input = z.output<typeof signaling.join.input>;

/**
 * Takes a seat, or comes back to one: with the resume token, with the key of a join whose answer was lost, or as a
 * signed-in user who sits there already. Coming back replaces the old connection, never meets a full room, and gives new
 * tokens; the old ones are void.
 *
 * The first peer is impolite, later ones are polite. Between two peers who are equally polite (in rooms of three and
 * more) the one who joined earlier counts as the impolite one.
 * @throws AppError NOT_FOUND without a right to the room, ROOM_CLOSED, ROOM_FULL
 */
export async function joinRoom(
  ctx: RequestContext,
  input: Input,
): Promise<z.input<typeof signaling.join.output>> {
  const roomToken = newToken("fmr");
  const resumeToken = newToken("fmx");
  const tokens = {
    roomTokenHash: hashToken(roomToken),
    resumeTokenHash: hashToken(resumeToken),
    joinKeyHash: input.joinKey ? hashToken(input.joinKey) : null,
  };
  const now = ctx.clock.now();

  const joined = await withRoomLocked(ctx, input.roomId, async (tx, room) => {
    const peers = await tx.peer.findMany({
      where: { roomId: room.id, leftAt: null },
      orderBy: [{ joinedAt: "asc" }, { id: "asc" }],
    });
    const known = findKnownPeer(ctx, input, peers);
    if (!known && !mayEnter(ctx, input, room)) throw new AppError("NOT_FOUND");
    if (isRoomOver(ctx, room)) throw new AppError("ROOM_CLOSED");

    const others = known
      ? peers.filter(({ id }) => id !== known.id)
      : await findSeat(tx, room, peers, now);
    const { displayName } = input;
    if (known) {
      const peer = await tx.peer.update({
        where: { id: known.id },
        data: { ...tokens, displayName, connection: { increment: 1 }, lastSeenAt: now },
      });
      return { peer, others, seq: await markJoined(ctx, tx, peer), epoch: room.epoch };
    }
    const data = {
      ...tokens,
      id: newId(),
      roomId: room.id,
      userId: ctx.identity?.kind === "user" ? ctx.identity.userId : null,
      displayName,
      polite: others.some(({ polite }) => !polite),
      connection: 1,
      joinedAt: now,
      lastSeenAt: now,
    };
    // The mark first: its number is where the peer's part of the log begins.
    const seq = await markJoined(ctx, tx, data);
    const peer = await tx.peer.create({ data: { ...data, joinedSeq: seq } });
    return { peer, others, seq, epoch: room.epoch };
  });
  if (!joined) throw new AppError("NOT_FOUND");

  const { peer, others, seq, epoch } = joined;
  ctx.bus.publish(input.roomId, seq);
  const turn = input.turn ? await issueSoon(ctx, peer) : undefined;
  return {
    peerId: peer.id,
    roomToken,
    resumeToken,
    polite: peer.polite,
    peers: others.map((other) => toPeer(ctx, other)),
    cursor: toCursor(epoch, seq),
    ...(turn && { turn }),
  };
}

function findKnownPeer(ctx: RequestContext, input: Input, peers: Peer[]): Peer | undefined {
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

function mayEnter(ctx: RequestContext, input: Input, room: Room): boolean {
  if (ctx.identity?.kind === "user" && ctx.identity.userId === room.ownerId) return true;
  return (
    input.inviteToken !== undefined &&
    Buffer.from(hashToken(input.inviteToken)).equals(room.inviteTokenHash)
  );
}

/** Everybody else learns of it: of a return as well, since the peer's old connection is gone. */
function markJoined(
  ctx: RequestContext,
  tx: Tx,
  peer: Pick<Peer, keyof typeof peerColumns | "roomId" | "connection">,
): Promise<number> {
  return appendMark(tx, peer.roomId, {
    from: peer.id,
    kind: marks.joined,
    payload: { ...toPeer(ctx, peer), connection: peer.connection },
    at: peer.lastSeenAt,
  });
}
