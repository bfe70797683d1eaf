import type { Peer } from "@fermata/contract";
import type { Clock } from "../../ports/clock";
import { graceSeconds, seenStepSeconds } from "../stream/timing";

interface PeerRow {
  id: string;
  displayName: string;
  polite: boolean;
  joinedAt: Date;
  lastSeenAt: Date;
  awayAt: Date | null;
}

/** What `toPeer` needs, in Prisma's words. */
export const peerColumns = {
  id: true,
  displayName: true,
  polite: true,
  joinedAt: true,
  lastSeenAt: true,
  awayAt: true,
} as const;

/** A peer as other members see it. */
export function toPeer(ctx: { clock: Clock }, row: PeerRow): Peer {
  const unseenMs = ctx.clock.now().getTime() - row.lastSeenAt.getTime();
  const isAway = row.awayAt !== null;
  return {
    peerId: row.id,
    displayName: row.displayName,
    polite: row.polite,
    joinedAt: row.joinedAt.toISOString(),
    online: !isAway && unseenMs < (graceSeconds + seenStepSeconds) * 1000,
    ...(isAway && { away: true }),
  };
}
