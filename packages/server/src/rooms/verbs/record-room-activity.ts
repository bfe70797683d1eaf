import type { JobContext } from "../../context";
import { deleteInBatches } from "../../ground/delete-in-batches";
import { activity, graceSeconds, seenStepSeconds } from "../stream/timing";

/** What is kept beyond the day that is shown. */
const spareSeconds = 3600;

// Who owns no room, minted credentials without one: they count for everybody's sample alone.
const recordText = `
  WITH owned AS (
    SELECT r."ownerId", 1 AS rooms, 0 AS peers, 0 AS messages, 0 AS credentials
      FROM "Room" r WHERE r."closedAt" IS NULL AND r."expiresAt" > $2
    UNION ALL
    SELECT r."ownerId", 0, 1, 0, 0
      FROM "Peer" p JOIN "Room" r ON r."id" = p."roomId"
      WHERE p."leftAt" IS NULL AND p."lastSeenAt" > $3 AND r."closedAt" IS NULL AND r."expiresAt" > $2
    UNION ALL
    SELECT r."ownerId", 0, 0, count(*), 0
      FROM "Message" m JOIN "Room" r ON r."id" = m."roomId"
      WHERE m."sentAt" > $4 AND m."sentAt" <= $1 AND m."kind" !~ '^(peer|room)\\.'
      GROUP BY r."ownerId"
    UNION ALL
    SELECT coalesce(r."ownerId", ''), 0, 0, 0, count(*)
      FROM "TurnGrant" g LEFT JOIN "Room" r ON r."id" = g."roomId"
      WHERE g."createdAt" > $4 AND g."createdAt" <= $1
      GROUP BY 1
  ), sample AS (
    SELECT "ownerId", sum(rooms) AS rooms, sum(peers) AS peers, sum(messages) AS messages, sum(credentials) AS credentials
      FROM owned WHERE "ownerId" <> '' GROUP BY "ownerId"
    UNION ALL
    SELECT '', coalesce(sum(rooms), 0), coalesce(sum(peers), 0), coalesce(sum(messages), 0), coalesce(sum(credentials), 0)
      FROM owned
  )
  INSERT INTO "RoomSample" ("ownerId", "at", "rooms", "peers", "messages", "turnCredentials")
  SELECT "ownerId", $1, rooms, peers, messages, credentials FROM sample
  ON CONFLICT ("ownerId", "at") DO UPDATE SET "rooms" = excluded."rooms", "peers" = excluded."peers",
    "messages" = excluded."messages", "turnCredentials" = excluded."turnCredentials"`;

/**
 * Takes a sample of what goes on in rooms, one for everybody and one for each owner of an open or busy room, and
 * deletes those that no chart shows any more. Run again within the same five minutes, it replaces its sample.
 */
export async function recordRoomActivity(
  ctx: Pick<JobContext, "pool" | "clock" | "signal" | "log">,
): Promise<{ samples: number; deleted: number }> {
  const nowMs = ctx.clock.now().getTime();
  const stepMs = activity.stepSeconds * 1000;
  const atMs = Math.floor(nowMs / stepMs) * stepMs;
  const seenMs = nowMs - (graceSeconds + seenStepSeconds) * 1000;
  const { rowCount } = await ctx.pool.query(recordText, [
    new Date(atMs),
    new Date(nowMs),
    new Date(seenMs),
    new Date(atMs - stepMs),
  ]);
  const before = new Date(nowMs - (activity.keptSeconds + spareSeconds) * 1000);
  const { deleted } = await deleteInBatches(ctx, { table: "RoomSample", before, batchRows: 5_000 });
  return { samples: rowCount ?? 0, deleted };
}

// Until a sample says that nobody is left, another one is to come.
const changedText = `
  SELECT coalesce(s."peers", 0) > 0
    OR coalesce(s."rooms", 0) <> (SELECT count(*) FROM "Room" r WHERE r."closedAt" IS NULL AND r."expiresAt" > $1)
    OR EXISTS (SELECT FROM "Message" m WHERE m."sentAt" > greatest(s."at", $2) AND m."kind" !~ '^(peer|room)\\.')
    OR EXISTS (SELECT FROM "TurnGrant" g WHERE g."createdAt" > greatest(s."at", $2))
    OR EXISTS (SELECT FROM "Peer" p JOIN "Room" r ON r."id" = p."roomId"
      WHERE p."leftAt" IS NULL AND p."lastSeenAt" > $3 AND r."closedAt" IS NULL AND r."expiresAt" > $1) AS changed
  FROM (SELECT) one LEFT JOIN LATERAL (
    SELECT "at", "peers", "rooms" FROM "RoomSample" WHERE "ownerId" = '' ORDER BY "at" DESC LIMIT 1) s ON true`;

/** Now where something goes on in rooms that the newest sample does not say, else null. */
export async function nextSampleAt(ctx: Pick<JobContext, "pool" | "clock">): Promise<Date | null> {
  const now = ctx.clock.now();
  const { rows } = await ctx.pool.query<{ changed: boolean }>(changedText, [
    now,
    new Date(now.getTime() - activity.stepSeconds * 1000),
    new Date(now.getTime() - (graceSeconds + seenStepSeconds) * 1000),
  ]);
  return rows[0]?.changed ? now : null;
}
