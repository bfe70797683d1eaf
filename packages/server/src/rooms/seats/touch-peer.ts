import type { Services } from "../../context";
import { seenStepSeconds } from "../stream/timing";

/** Writes down that a peer was seen, if that is news. */
export async function touchPeer(
  ctx: Pick<Services, "pool" | "clock">,
  peer: { peerId: string; lastSeenAt: Date },
): Promise<void> {
  const now = ctx.clock.now();
  if (now.getTime() - peer.lastSeenAt.getTime() <= seenStepSeconds * 1000) return;
  await ctx.pool.query({
    name: "touch-peer",
    text: `UPDATE "Peer" SET "lastSeenAt" = $2 WHERE "id" = $1`,
    values: [peer.peerId, now],
  });
}
