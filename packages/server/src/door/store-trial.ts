import { randomBytes } from "node:crypto";
import type { Services } from "../context";

/** Between two trials that write, while the last went well. Elsewhere each costs money. */
const calmMs = { disk: 5_000, s3: 60_000 };
/** Between two after one that failed, or has not ended. */
const anewMs = 3_000;

/**
 * Tries whether the store takes, gives and deletes bytes, as often as that is news; in between it only asks whether it is
 * there. However many ask, one trial runs.
 */
export function createStoreTrial(
  { objects, config }: Pick<Services, "objects" | "config">,
  now: () => number = Date.now,
): () => Promise<void> {
  const isDisk = config.objectStore === "disk";
  const buckets = isDisk ? (["files"] as const) : (["files", "media-public"] as const);
  let begunAt = Number.NEGATIVE_INFINITY;
  let last: Promise<unknown> = Promise.resolve();
  let wentWell = false;

  return async () => {
    const pauseMs = !wentWell ? anewMs : isDisk ? calmMs.disk : calmMs.s3;
    if (now() - begunAt >= pauseMs) {
      begunAt = now();
      wentWell = false;
      last = Promise.all(buckets.map((bucket) => tryBucket(objects, bucket)));
      const trial = last;
      // Whoever waits hears of a failure.
      trial.then(
        () => {
          if (trial === last) wentWell = true;
        },
        () => {},
      );
      return void (await last);
    }
    await last;
    if (!isDisk) await objects.head("files", "readiness");
  };
}

async function tryBucket(
  objects: Services["objects"],
  bucket: "files" | "media-public",
): Promise<void> {
  // What is left of a trial that was cut off, the sweep finds.
  const key = `doctor-${randomBytes(8).toString("hex")}`;
  const bytes = randomBytes(32);
  await objects.put(bucket, key, bytes, { contentType: "application/octet-stream" });
  try {
    const stored = await objects.get(bucket, key);
    const read = Buffer.from(await new Response(stored?.body).arrayBuffer());
    if (!read.equals(bytes)) throw new Error("what was read is not what was written");
  } finally {
    await objects.delete(bucket, key);
  }
}
