import type { Services } from "../../context";
import { toCursor } from "./cursor";

/** Where a send ended that was stored before; null when it is not kept any more. */
export async function findSent(
  ctx: Pick<Services, "pool">,
  sent: { roomId: string; peerId: string; sendKey: string },
): Promise<string | null> {
  const { rows } = await ctx.pool.query<{ epoch: string; seq: string }>({
    name: "find-sent",
    text: `SELECT r."epoch", m."seq" FROM "Message" m JOIN "Room" r ON r."id" = m."roomId"
      WHERE m."roomId" = $1 AND m."fromPeerId" = $2 AND m."sendKey" = $3`,
    values: [sent.roomId, sent.peerId, sent.sendKey],
  });
  const [row] = rows;
  return row ? toCursor(row.epoch, Number(row.seq)) : null;
}
