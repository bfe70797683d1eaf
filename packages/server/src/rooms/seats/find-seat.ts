import type { PoolClient } from "pg";
import { AppError } from "../../ground/errors";
import { seatHoldSeconds } from "../stream/timing";
import { endPeer } from "./end-peer";
import type { SeatedPeer } from "./seated-peers";
import type { LockedRoom } from "./with-room-locked";

/**
 * Makes sure that one more identity fits. Call it with the room locked.
 * A peer that vanished without leaving holds its seat for a while only; then it goes to whoever needs it.
 * @returns the peers that stay
 * @throws AppError ROOM_FULL
 */
export async function findSeat(
  tx: PoolClient,
  room: LockedRoom,
  peers: SeatedPeer[],
  now: Date,
): Promise<SeatedPeer[]> {
  if (peers.length < room.capacity) return peers;
  const ghost = peers
    .filter(({ lastSeenAt }) => now.getTime() - lastSeenAt.getTime() > seatHoldSeconds * 1000)
    .sort((a, b) => a.lastSeenAt.getTime() - b.lastSeenAt.getTime())[0];
  if (!ghost) throw new AppError("ROOM_FULL", { capacity: room.capacity });
  await endPeer(tx, ghost, "timeout", now);
  return peers.filter((peer) => peer !== ghost);
}
