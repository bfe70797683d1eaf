import type { storage } from "@fermata/contract";
import type { z } from "zod";
import type { UserContext } from "../../context";
import { AppError } from "../../ground/errors";
import { newId } from "../../ground/secrets";
import { fromPrisma } from "../../ground/transaction";
import { queueBytes } from "../../outbox/queue-bytes";
import type { BucketName, ObjectDescription } from "../../ports/object-store";
import { explainStanding } from "../owner/explain-standing";
import { isKey, knownKeys } from "../owner/known-keys";
import { lookAtStore } from "../owner/look-at-store";
import { processingKind } from "../processing/is-processed";

type Found = z.output<typeof storage.recover.output>["found"][number];
type MediaBucket = Exclude<BucketName, "files">;

const buckets: readonly MediaBucket[] = ["media-public", "media-private"];

/**
 * Looks through a page of the store for media that this database knows nothing of, as after a backup was restored. With
 * `adopt` each becomes a row again: name, type, size and place as the object says, its owner by its label, else the caller.
 * What a row let go is left to the outbox; smaller copies are left to the sweep, since they are made anew.
 * @throws AppError CONFLICT where the store is another's; UPSTREAM_UNAVAILABLE
 */
export async function recoverMedia(
  ctx: UserContext,
  { limit, cursor, adopt }: z.output<typeof storage.recover.input>,
): Promise<z.input<typeof storage.recover.output>> {
  const installation = await lookAtStore(ctx);
  if (installation.standing === "foreign" || installation.standing === "copied") {
    const problem = explainStanding(ctx, installation);
    throw new AppError("CONFLICT", { ...problem }, problem?.finding);
  }
  const [bucket, after] = readCursor(cursor);
  const page = await ctx.objects.list(bucket, { limit, ...(after && { cursor: after }) });
  const keys = page.items.map(({ key }) => key).filter(isKey);
  const { named, released } = await knownKeys(ctx, bucket, keys);
  const found: Found[] = [];
  for (const key of keys.filter((key) => !named.has(key) && !released.has(key))) {
    const object = await ctx.objects.describe(bucket, key);
    // Everything that was uploaded as media has one.
    if (!object?.contentDisposition) continue;
    const adopted = adopt && (await takeIn(ctx, bucket, key, object));
    found.push({ ...factsOf(object), bucket, key, adopted });
  }
  const nextBucket = page.nextCursor === null ? buckets[buckets.indexOf(bucket) + 1] : bucket;
  const nextCursor = nextBucket ? `${nextBucket}/${page.nextCursor ?? ""}` : null;
  return { seen: keys.length, found, nextCursor };
}

function readCursor(cursor: string | null | undefined): [MediaBucket, string] {
  const [name = "", ...rest] = cursor?.split("/") ?? [];
  const bucket = buckets.find((one) => one === name);
  if (cursor && !bucket) throw new AppError("INVALID_INPUT", { cursor });
  return [bucket ?? "media-public", rest.join("/")];
}

function factsOf({ sizeBytes, contentType, contentDisposition, modifiedAt }: ObjectDescription) {
  const filename = filenameIn(contentDisposition ?? "");
  return { filename, contentType, sizeBytes, modifiedAt: modifiedAt.toISOString() };
}

/** The name in a Content-Disposition that we wrote. */
function filenameIn(disposition: string): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  if (encoded) return decodeURIComponent(encoded);
  return /filename="([^"]*)"/i.exec(disposition)?.[1] || "recovered";
}

/** @returns false where somebody was first */
async function takeIn(
  ctx: UserContext,
  bucket: MediaBucket,
  key: string,
  object: ObjectDescription,
): Promise<boolean> {
  const { label, modifiedAt, sizeBytes, contentType, etag } = object;
  const isKnown = label !== null && (await ctx.describeUsers([label])).has(label);
  const { count } = await ctx.db.media.createMany({
    data: {
      id: newId(),
      key,
      userId: isKnown ? label : ctx.identity.userId,
      filename: factsOf(object).filename,
      contentType,
      status: "ready",
      visibility: bucket === "media-public" ? "public" : "private",
      sizeBytes,
      reservedBytes: sizeBytes,
      etag,
      createdAt: modifiedAt,
      readyAt: modifiedAt,
      expiresAt: modifiedAt,
      ...(processingKind(contentType) && {
        processing: "processing",
        processingRound: 1,
        processingChangedAt: modifiedAt,
      }),
    },
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await ctx.db.stray.deleteMany({ where: { objectKey: key } });
  const landed = bucket === "media-public" ? await ctx.objects.head("media-private", key) : null;
  if (landed && landed.etag !== etag) {
    // What is public says less than its original.
    await ctx.db.media.updateMany({ where: { key }, data: { keepsOriginal: true } });
  } else if (landed) {
    // Where it landed before it was looked at; the outbox would have seen to it.
    await queueBytes(fromPrisma(ctx.db), { bucket: "media-private", objectKey: key, sizeBytes });
  }
  return true;
}
