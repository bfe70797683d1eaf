import type { Room, signaling } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { afterCursor, decodeCursor, newestFirst, toPage } from "../../ground/paging";
import { peerColumns, toPeer } from "../seats/peer-view";

interface Activity {
  roomId: string;
  lastMessageAt: Date | null;
  messagesLastMinute: number;
}

/** The caller's own rooms, newest first; for an admin, everybody's. With `open: false` the closed and expired ones too. */
export async function listRooms(
  ctx: UserContext,
  input: z.output<typeof signaling.rooms.input>,
): Promise<z.output<typeof signaling.rooms.output>> {
  const now = ctx.clock.now();
  const rows = await ctx.db.room.findMany({
    where: {
      ...(ctx.identity.role !== "admin" && { ownerId: ctx.identity.userId }),
      ...(input.open && { closedAt: null, expiresAt: { gt: now } }),
      ...afterCursor(decodeCursor(input.cursor)),
    },
    orderBy: newestFirst,
    take: input.limit + 1,
    include: {
      peers: {
        where: { leftAt: null },
        orderBy: [{ joinedAt: "asc" }, { id: "asc" }],
        select: peerColumns,
      },
    },
  });
  const { items, nextCursor } = toPage(rows, input.limit);
  const activity = await readActivity(
    ctx,
    items.map(({ id }) => id),
    now,
  );
  return {
    items: items.map((row): Room => {
      const { lastMessageAt = null, messagesLastMinute = 0 } = activity.get(row.id) ?? {};
      return {
        roomId: row.id,
        name: row.name,
        capacity: row.capacity,
        createdAt: row.createdAt.toISOString(),
        expiresAt: row.expiresAt.toISOString(),
        closedAt: row.closedAt?.toISOString() ?? null,
        lastMessageAt: lastMessageAt?.toISOString() ?? null,
        messagesLastMinute,
        peers: row.peers.map((peer) => toPeer(ctx, peer)),
      };
    }),
    nextCursor,
  };
}

/** What was said lately. The server's own marks do not count. */
async function readActivity(ctx: UserContext, roomIds: string[], now: Date) {
  const { rows } = await ctx.pool.query<Activity>({
    name: "room-activity",
    text: `
      SELECT r."id" AS "roomId", last."sentAt" AS "lastMessageAt",
        coalesce(minute."count", 0)::int AS "messagesLastMinute"
      FROM unnest($1::text[]) AS r("id")
      LEFT JOIN LATERAL (
        SELECT "sentAt" FROM "Message"
        WHERE "roomId" = r."id" AND "kind" !~ '^(peer|room)\\.'
        ORDER BY "seq" DESC LIMIT 1
      ) last ON true
      LEFT JOIN (
        SELECT "roomId", count(*) FROM "Message"
        WHERE "roomId" = ANY($1) AND "sentAt" > $2 AND "kind" !~ '^(peer|room)\\.'
        GROUP BY "roomId"
      ) minute ON minute."roomId" = r."id"`,
    values: [roomIds, new Date(now.getTime() - 60_000)],
  });
  return new Map(rows.map((row) => [row.roomId, row]));
}
