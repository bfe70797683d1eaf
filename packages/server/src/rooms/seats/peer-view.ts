import type { Peer } from "@fermata/contract";
import type { Clock } from "../../ports/clock";
import { graceSeconds, seenStepSeconds } from "../stream/timing";

interface PeerRow {
  id: string;
  displayName: string;
  polite: boolean;
  joinedAt: Date;
  lastSeenAt: Date;
}

/** What `toPeer` needs, in Prisma's words. */
export const peerColumns = {
  id: true,
  displayName: true,
  polite: true,
  joinedAt: true,
  lastSeenAt: true,
} as const;

/** A peer as other members see it. */
export function toPeer(ctx: { clock: Clock }, row: PeerRow): Peer {
  const unseenMs = ctx.clock.now().getTime() - row.lastSeenAt.getTime();
  return {
    peerId: row.id,
    displayName: row.displayName,
    polite: row.polite,
    joinedAt: row.joinedAt.toISOString(),
    online: unseenMs < (graceSeconds + seenStepSeconds) * 1000,
  };
}
