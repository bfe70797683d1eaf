import type { Services } from "../../context";
import { AppError } from "../../ground/errors";
import type { PeerIdentity } from "../../identity";
import { readSeat } from "../seats/read-seat";
import { positionOf } from "./cursor";
import { isRoomOver } from "./room-state";

/**
 * Where a peer reads on from, and whether it still may. Its token was looked at earlier, perhaps just before a kick.
 * @throws AppError UNAUTHENTICATED when the token became void meanwhile, ROOM_CLOSED
 */
export async function findStart(
  ctx: Pick<Services, "pool" | "clock">,
  peer: PeerIdentity,
  cursor: string | null | undefined,
) {
  const seat = await readSeat(ctx, peer);
  if (!seat) throw new AppError("UNAUTHENTICATED");
  if (isRoomOver(ctx, seat)) throw new AppError("ROOM_CLOSED");
  return { epoch: seat.epoch, lastSeq: seat.lastSeq, ...positionOf(cursor, seat) };
}
