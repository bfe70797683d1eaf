import type { signaling } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { activity } from "../stream/timing";

/** What went on in the caller's rooms over the last day; for an admin, in everybody's. */
export async function readRoomActivity(
  ctx: UserContext,
): Promise<z.output<typeof signaling.activity.output>> {
  const { role, userId } = ctx.identity;
  const { stepSeconds, keptSeconds } = activity;
  const now = ctx.clock.now();
  const since = new Date(now.getTime() - keptSeconds * 1000);
  // The server's own rows say when samples were taken: an owner without a row had nothing going on then.
  const [all, own] = await Promise.all(
    ["", userId].map((ownerId) =>
      ctx.db.roomSample.findMany({
        where: { ownerId, at: { gt: since, lte: now } },
        orderBy: { at: "asc" },
      }),
    ),
  );
  const owned = new Map(own?.map((row) => [row.at.getTime(), row]));
  const samples = (all ?? []).map((row) => {
    const counts = role === "admin" ? row : owned.get(row.at.getTime());
    const { rooms = 0, peers = 0, messages = 0, turnCredentials = 0 } = counts ?? {};
    return { at: row.at.toISOString(), rooms, peers, messages, turnCredentials };
  });
  return { stepSeconds, samples };
}
