import type { RequestContext } from "../../context";
import { iceServersFor } from "./issue-ice-servers";
import { subjectOf } from "./subject-of";
import { withDeadline } from "./with-deadline";

/** Others see a peer as soon as it has joined, and it is to hear of that soon as well. */
const patienceMs = 250;

/**
 * The ICE servers for a peer that has just joined. What takes longer goes on, and is there when the peer asks by itself.
 * @returns undefined then, and where they are refused: a join does not fail for them
 */
export async function issueSoon(
  ctx: RequestContext,
  peer: { id: string; userId: string | null },
  room: { id: string; expiresAt: Date },
) {
  const { id: peerId, userId } = peer;
  const issued = iceServersFor(ctx, subjectOf({ userId, peerId }), room);
  return withDeadline(patienceMs, () => issued).catch(() => undefined);
}
