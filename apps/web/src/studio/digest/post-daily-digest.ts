import { AppError } from "@fermata/server/internal";
import type { Services } from "../context";

const DAY_MS = 86_400_000;

/** Tells the notifier about the last 24 hours: uploads, storage, calls and failed runs. @throws AppError UPSTREAM_UNAVAILABLE */
export async function postDailyDigest(ctx: Pick<Services, "db" | "clock" | "notifier">) {
  if (!ctx.notifier) throw new AppError("UPSTREAM_UNAVAILABLE", { service: "notifier" });
  const now = ctx.clock.now();
  const since = { gte: new Date(now.getTime() - DAY_MS) };
  const ready = { status: "ready", readyAt: since } as const;
  const [files, media, stored, rooms, failedRuns] = await Promise.all([
    ctx.db.file.aggregate({ where: ready, _count: true, _sum: { sizeBytes: true } }),
    ctx.db.media.aggregate({ where: ready, _count: true, _sum: { sizeBytes: true } }),
    ctx.db.usage.aggregate({ _sum: { bytes: true } }),
    ctx.db.room.findMany({
      where: { createdAt: since },
      select: { _count: { select: { peers: true } } },
    }),
    ctx.db.cronRun.groupBy({
      by: ["job"],
      where: { status: { in: ["failed", "lost"] }, startedAt: since },
      _count: true,
    }),
  ]);
  const digest = {
    uploads: files._count + media._count,
    uploadedBytes: (files._sum.sizeBytes ?? 0) + Number(media._sum.sizeBytes ?? 0),
    storedBytes: Number(stored._sum.bytes ?? 0),
    // A room that only its owner entered was no call.
    calls: rooms.filter(({ _count }) => _count.peers > 1).length,
    failedRuns: failedRuns.reduce((sum, { _count }) => sum + _count, 0),
  };
  await ctx.notifier.notify({
    kind: "digest",
    title: `Studio digest, ${now.toISOString().slice(0, 10)}`,
    text: [
      `Uploads: ${digest.uploads} (${inMegabytes(digest.uploadedBytes)})`,
      `Stored: ${inMegabytes(digest.storedBytes)}`,
      `Calls: ${digest.calls}`,
      digest.failedRuns === 0
        ? "Failed runs: none"
        : `Failed runs: ${failedRuns.map(({ job, _count }) => `${job} (${_count})`).join(", ")}`,
    ].join("\n"),
  });
  return { ...digest, notifier: ctx.notifier.name };
}

function inMegabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
