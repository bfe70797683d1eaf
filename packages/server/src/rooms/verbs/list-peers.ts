import type { Peer } from "@fermata/contract";
import type { RequestContext } from "../../context";
import { peerColumns, toPeer } from "../seats/peer-view";
import { requireMember } from "../seats/require-member";

/** Who sits in the room, the caller included, in the order of joining. */
export async function listPeers(
  ctx: RequestContext,
  input: { roomId: string },
): Promise<{ peers: Peer[] }> {
  await requireMember(ctx, input.roomId);
  const rows = await ctx.db.peer.findMany({
    where: { roomId: input.roomId, leftAt: null },
    orderBy: [{ joinedAt: "asc" }, { id: "asc" }],
    select: peerColumns,
  });
  return { peers: rows.map((row) => toPeer(ctx, row)) };
}
