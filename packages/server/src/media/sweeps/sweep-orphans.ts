import type { JobContext } from "../../context";
import type { InstallationModel } from "../../generated/prisma/models/Installation";
import type { BucketName } from "../../ports/object-store";
import { explainStanding } from "../owner/explain-standing";
import { bucketNames, isOwnForm, isTrial, knownKeys } from "../owner/known-keys";
import { lookAtStore, mark } from "../owner/look-at-store";
import { abortUnknownUploads } from "./abort-unknown-uploads";
import { askAboutStrays, forgetUnseen, queueDue, recordStrays, type Stray } from "./strays";

const pageKeys = 1000;
/** Younger objects may belong to a row that is about to be written, or to a grant that still runs. */
const youngestSeconds = 86_400;

interface Swept {
  seen: number;
  /** Handed to deletion. */
  orphans: number;
  bytes: number;
  /** Uploads in parts that no row names, and that were aborted. */
  uploads: number;
  /** Seen without a row, and kept for now. */
  strays: number;
  /** Whether there are so many of them that a person has to decide. */
  asks: boolean;
  /** Why nothing was deleted, where the store is not this database's. */
  refused: string | null;
}

/**
 * Looks through the whole store for objects that no row names, such as a PUT that came after its upload was aborted. It
 * writes down what it sees, and hands to the outbox what a sweep saw a week before, too. On a store that is not this
 * database's it deletes nothing; where it finds implausibly many it asks.
 */
export async function sweepOrphans(ctx: JobContext): Promise<Swept> {
  const total: Swept = {
    seen: 0,
    orphans: 0,
    bytes: 0,
    uploads: 0,
    strays: 0,
    asks: false,
    refused: null,
  };
  const installation = await lookAtStore(ctx);
  const problem = explainStanding(ctx, installation);
  if (problem) {
    ctx.log.warn({ standing: installation.standing }, `${problem.finding} ${problem.remedy}`);
    return { ...total, refused: problem.finding };
  }
  await takeTurn(ctx, installation);
  const startedAt = ctx.clock.now();
  const before = new Date(startedAt.getTime() - youngestSeconds * 1000);
  for (const bucket of bucketNames) {
    let cursor: string | undefined;
    do {
      const page = await ctx.objects.list(bucket, { limit: pageKeys, ...(cursor && { cursor }) });
      const own = page.items.filter(({ key }) => isOwnForm(key));
      const old = own.filter(({ modifiedAt }) => modifiedAt < before);
      await recordUnknown(ctx, installation, bucket, old);
      total.seen += own.length;
      cursor = page.nextCursor ?? undefined;
    } while (cursor && !ctx.signal.aborted);
  }
  // Of half a store nothing can be concluded.
  if (ctx.signal.aborted) return total;
  total.uploads = await abortUnknownUploads(ctx, before);
  await forgetUnseen(ctx, startedAt);
  total.asks = await askAboutStrays(ctx, total.seen);
  const { orphans, bytes, strays } = await queueDue(ctx, { unasked: !total.asks });
  return { ...total, orphans, bytes, strays };
}

/** The database first: where the store is ahead of it, it was swept from another one. */
async function takeTurn(ctx: JobContext, { id, installationId, turn }: InstallationModel) {
  await ctx.db.installation.update({ where: { id }, data: { turn: turn + 1 } });
  await mark(ctx, { installationId, turn: turn + 1 });
}

async function recordUnknown(
  ctx: JobContext,
  { boundAt }: InstallationModel,
  bucket: BucketName,
  items: { key: string; sizeBytes: number; modifiedAt: Date }[],
): Promise<void> {
  const keys = items.map(({ key }) => key);
  const { named, waiting, released } = await knownKeys(ctx, bucket, keys);
  const unknown = items.filter(({ key }) => !named.has(key) && !waiting.has(key));
  const strays: Stray[] = [];
  for (const item of unknown) {
    const isOurs = released.has(item.key);
    const isLeft = !isOurs && (await isLeftOver(ctx, boundAt, bucket, item));
    strays.push({ ...item, bucket, reason: isOurs ? "released" : isLeft ? "unfinished" : null });
  }
  await recordStrays(ctx, strays);
}

/** Whether it can only be what was left lying: nobody's upload, and of a time when nobody else wrote here. */
async function isLeftOver(
  { objects }: JobContext,
  boundAt: Date | null,
  bucket: BucketName,
  { key, modifiedAt }: { key: string; modifiedAt: Date },
): Promise<boolean> {
  if (isTrial(key)) return true;
  // A file that no row ever let go may be of a state of the database that was lost.
  if (bucket === "files" || boundAt === null || modifiedAt < boundAt) return false;
  const found = await objects.describe(bucket, key);
  return found !== null && found.contentDisposition === null;
}
