import type { Services } from "../../context";
import type { PeerIdentity } from "../../identity";

/** A peer's place in its room's log, and the room's state. */
interface Seat {
  joinedSeq: number;
  epoch: string;
  lastSeq: number;
  closedAt: Date | null;
  expiresAt: Date;
}

/** Looks again at a peer whose token was resolved earlier: null when the token became void meanwhile. */
export async function readSeat(
  ctx: Pick<Services, "pool">,
  peer: PeerIdentity,
): Promise<Seat | null> {
  const { rows } = await ctx.pool.query<
    Omit<Seat, "joinedSeq" | "lastSeq"> & { joinedSeq: string; lastSeq: string }
  >({
    name: "read-seat",
    text: `SELECT p."joinedSeq", r."epoch", r."lastSeq", r."closedAt", r."expiresAt"
      FROM "Peer" p JOIN "Room" r ON r."id" = p."roomId"
      WHERE p."id" = $1 AND p."connection" = $2 AND p."leftAt" IS NULL`,
    values: [peer.peerId, peer.connection],
  });
  const [row] = rows;
  return row ? { ...row, joinedSeq: Number(row.joinedSeq), lastSeq: Number(row.lastSeq) } : null;
}
