import type { PoolClient } from "pg";
import { AppError } from "../../ground/errors";
import { graceSeconds, reloadSeconds, seatHoldSeconds } from "../stream/timing";
import { endPeer } from "./end-peer";
import type { SeatedPeer } from "./seated-peers";
import type { LockedRoom } from "./with-room-locked";

/**
 * Makes sure that one more identity fits. Call it with the room locked.
 * A peer that vanished without leaving holds its seat for a while only, and one that said it goes holds it until somebody
 * else needs it.
 * @returns the peers that stay
 * @throws AppError ROOM_FULL, with `retryAfterSeconds` where a seat may soon be free
 */
export async function findSeat(
  tx: PoolClient,
  room: LockedRoom,
  peers: SeatedPeer[],
  now: Date,
): Promise<SeatedPeer[]> {
  if (peers.length < room.capacity) return peers;
  const free = peers
    .map((peer) => ({ peer, atMs: freeAtMs(peer) }))
    .sort((a, b) => a.atMs - b.atMs)[0];
  const waitMs = (free?.atMs ?? now.getTime()) - now.getTime();
  if (!free || waitMs > 0) {
    // Whoever was seen a moment ago is most likely there.
    const isVanishing = free && waitMs < (seatHoldSeconds - graceSeconds) * 1000;
    const retry = isVanishing && { retryAfterSeconds: Math.ceil(waitMs / 1000) };
    throw new AppError("ROOM_FULL", { capacity: room.capacity, ...retry });
  }
  const ghost = free.peer;
  await endPeer(tx, ghost, "timeout", now);
  return peers.filter((peer) => peer !== ghost);
}

function freeAtMs({ awayAt, lastSeenAt }: SeatedPeer): number {
  if (awayAt) return awayAt.getTime() + reloadSeconds * 1000;
  return lastSeenAt.getTime() + seatHoldSeconds * 1000 + 1;
}
