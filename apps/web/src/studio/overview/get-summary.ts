import type { overview } from "@fermata/contract";
import { isUnowned, Prisma, storeNeeds } from "@fermata/server/internal";
import type { z } from "zod";
import type { UserContext } from "../context";
import { readDemo } from "../demo/demo-things";

const dayMs = 86_400_000;
const days = 14;
/** A job counts as failing after this many failures in a row. */
const failuresInARow = 3;

/** What the console's first page shows: a member's own things, everything for an admin. */
export async function getSummary(
  ctx: UserContext,
): Promise<z.input<typeof overview.summary.output>> {
  const { userId, role } = ctx.identity;
  const admin = role === "admin";
  const owner = admin ? null : userId;
  const now = ctx.clock.now();
  const today = new Date(Math.floor(now.getTime() / dayMs) * dayMs);
  const firstDay = new Date(today.getTime() - (days - 1) * dayMs);

  const [
    usage,
    reservedFiles,
    reservedMedia,
    files,
    media,
    perDay,
    todayBytes,
    rooms,
    unattachedFiles,
    runs,
    failing,
    needs,
    demo,
  ] = await Promise.all([
    ctx.db.usage.groupBy({
      by: ["kind"],
      where: owner ? { userId: owner } : {},
      _sum: { bytes: true },
    }),
    ctx.db.file.aggregate({
      where: { status: { in: ["pending", "receiving"] }, ...(owner && { uploaderId: owner }) },
      _sum: { sizeBytes: true },
    }),
    ctx.db.media.aggregate({
      where: { status: "pending", ...(owner && { userId: owner }) },
      _sum: { reservedBytes: true },
    }),
    ctx.db.file.count({ where: { status: "ready", ...(owner && { uploaderId: owner }) } }),
    ctx.db.media.count({ where: { status: "ready", ...(owner && { userId: owner }) } }),
    uploadsPerDay(ctx, owner, firstDay),
    uploadedBytes(ctx, owner, today),
    liveRooms(ctx, owner, now),
    countUnattached(ctx, owner),
    admin
      ? ctx.db.cronRun.groupBy({
          by: ["status"],
          where: { startedAt: { gte: new Date(now.getTime() - dayMs) } },
          _count: true,
        })
      : null,
    admin ? failingJobs(ctx) : [],
    admin ? storeNeeds(ctx) : [],
    admin ? readDemo(ctx) : null,
  ]);

  const bytesOf = (kind: "files" | "media") =>
    Number(usage.find((row) => row.kind === kind)?._sum.bytes ?? 0);
  const filesReservedBytes = reservedFiles._sum.sizeBytes ?? 0;
  const mediaReservedBytes = Number(reservedMedia._sum.reservedBytes ?? 0);
  const runsOf = (status: "succeeded" | "failed" | "skipped" | "lost") =>
    runs?.find((row) => row.status === status)?._count ?? 0;
  const last = perDay.at(-1);

  return {
    storage: {
      filesBytes: Math.max(0, bytesOf("files") - filesReservedBytes),
      mediaBytes: Math.max(0, bytesOf("media") - mediaReservedBytes),
      filesReservedBytes,
      mediaReservedBytes,
      filesQuotaBytes: ctx.config.filesQuotaBytes,
      mediaQuotaBytes: ctx.config.mediaQuotaBytes,
      files,
      media,
    },
    uploadsToday: { count: (last?.files ?? 0) + (last?.media ?? 0), bytes: todayBytes },
    uploadsPerDay: perDay,
    cronRuns24h: admin
      ? {
          succeeded: runsOf("succeeded"),
          failed: runsOf("failed"),
          skipped: runsOf("skipped"),
          lost: runsOf("lost"),
        }
      : null,
    liveRooms: rooms.rooms,
    livePeers: rooms.peers,
    unattachedFiles,
    storeNeeds: needs,
    failingJobs: failing,
    demo,
  };
}

async function countUnattached(ctx: UserContext, owner: string | null): Promise<number> {
  const [row] = await ctx.db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM "File" f
    WHERE f."status" = 'ready' AND (${owner}::text IS NULL OR f."uploaderId" = ${owner}) AND ${Prisma.raw(isUnowned(ctx))}`;
  return row?.count ?? 0;
}

async function uploadsPerDay(ctx: UserContext, owner: string | null, from: Date) {
  return ctx.db.$queryRaw<{ day: string; files: number; media: number }[]>`
    SELECT to_char(day, 'YYYY-MM-DD') AS day,
      (SELECT count(*)::int FROM "File" f WHERE f.status = 'ready' AND f."readyAt" >= day AND f."readyAt" < day + interval '1 day'
        AND (${owner}::text IS NULL OR f."uploaderId" = ${owner})) AS files,
      (SELECT count(*)::int FROM "Media" m WHERE m.status = 'ready' AND m."readyAt" >= day AND m."readyAt" < day + interval '1 day'
        AND (${owner}::text IS NULL OR m."userId" = ${owner})) AS media
    FROM generate_series(${from}::timestamptz, ${from}::timestamptz + make_interval(days => ${days - 1}::int), interval '1 day') AS day
    ORDER BY day`;
}

async function uploadedBytes(ctx: UserContext, owner: string | null, from: Date): Promise<number> {
  const [files, media] = await Promise.all([
    ctx.db.file.aggregate({
      where: { status: "ready", readyAt: { gte: from }, ...(owner && { uploaderId: owner }) },
      _sum: { sizeBytes: true },
    }),
    ctx.db.media.aggregate({
      where: { status: "ready", readyAt: { gte: from }, ...(owner && { userId: owner }) },
      _sum: { sizeBytes: true },
    }),
  ]);
  return (files._sum.sizeBytes ?? 0) + Number(media._sum.sizeBytes ?? 0);
}

/** A room is live while somebody is in it. */
async function liveRooms(ctx: UserContext, owner: string | null, now: Date) {
  const rooms = await ctx.db.room.findMany({
    where: {
      closedAt: null,
      expiresAt: { gt: now },
      peers: { some: { leftAt: null } },
      ...(owner && { ownerId: owner }),
    },
    select: { _count: { select: { peers: { where: { leftAt: null } } } } },
  });
  return { rooms: rooms.length, peers: rooms.reduce((sum, room) => sum + room._count.peers, 0) };
}

async function failingJobs(ctx: UserContext) {
  return ctx.db.$queryRaw<{ name: string; failures: number; error: string | null }[]>`
    WITH ended AS (
      SELECT job, status, error, row_number() OVER (PARTITION BY job ORDER BY "startedAt" DESC) AS age
      FROM "CronRun" WHERE status IN ('succeeded', 'failed', 'lost')
    ), runs AS (
      SELECT job, min(age) FILTER (WHERE status = 'succeeded') AS last_good, max(age) AS oldest,
        max(error) FILTER (WHERE age = 1) AS error
      FROM ended WHERE age <= 50 GROUP BY job
    )
    SELECT job AS name, (coalesce(last_good - 1, oldest))::int AS failures, error
    FROM runs WHERE coalesce(last_good - 1, oldest) >= ${failuresInARow} ORDER BY job`;
}
