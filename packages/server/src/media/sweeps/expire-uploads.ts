import type { JobContext, Services } from "../../context";
import type { MediaModel } from "../../generated/prisma/models/Media";
import { AppError } from "../../ground/errors";
import { settleUpload } from "../uploads/settle-upload";

const batchRows = 100;
/** A PUT that began in time may end a little late. */
const graceSeconds = 120;
/** A failed upload can be seen for this long. */
const failedSeconds = 86_400;

interface Outcome {
  completed: number;
  failed: number;
  expired: number;
  removed: number;
}

/**
 * Ends uploads whose time is over. One whose bytes arrived becomes ready, though its client never said so; any other is
 * aborted and its reservation released. Where the store is away, the rest waits for the next run.
 */
export async function expireUploads(ctx: JobContext): Promise<Outcome> {
  const outcome: Outcome = { completed: 0, failed: 0, expired: 0, removed: 0 };
  const before = new Date(ctx.clock.now().getTime() - graceSeconds * 1000);
  for (let afterId = ""; !ctx.signal.aborted; ) {
    const batch = await ctx.db.media.findMany({
      where: { status: "pending", expiresAt: { lt: before }, id: { gt: afterId } },
      orderBy: { id: "asc" },
      take: batchRows,
    });
    for (const media of batch) {
      if (ctx.signal.aborted) break;
      outcome[await endUpload(ctx, media)]++;
    }
    afterId = batch.at(-1)?.id ?? "";
    if (batch.length < batchRows) break;
  }
  const { count } = await ctx.db.media.deleteMany({
    where: {
      status: "failed",
      expiresAt: { lt: new Date(before.getTime() - failedSeconds * 1000) },
    },
  });
  return { ...outcome, removed: count };
}

async function endUpload(
  ctx: JobContext,
  media: MediaModel,
): Promise<"completed" | "failed" | "expired"> {
  try {
    if (await settleUpload(ctx, media)) return "completed";
  } catch (error) {
    if (error instanceof AppError && error.code !== "UPSTREAM_UNAVAILABLE") return "failed";
    throw error;
  }
  await ctx.db.media.deleteMany({ where: { id: media.id, status: "pending" } });
  return "expired";
}

/** When the next upload is to be ended; null while none is under way. */
export async function nextExpiryAt(ctx: Pick<Services, "db">): Promise<Date | null> {
  const { _min } = await ctx.db.media.aggregate({
    where: { status: "pending" },
    _min: { expiresAt: true },
  });
  return _min.expiresAt && new Date(_min.expiresAt.getTime() + graceSeconds * 1000);
}
